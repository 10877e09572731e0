import { ApiError } from '../api/errors.ts'
import type { KubernetesStatus } from '../api/status.ts'

/** The Status that stands where a list or an event should be, as an error. */
export function statusError(status: KubernetesStatus): ApiError {
  const code = typeof status.code === 'number' ? status.code : 500
  return new ApiError(code, `${code} ${status.reason ?? 'Status'}: ${status.message ?? 'no message'}`, { body: status })
}
