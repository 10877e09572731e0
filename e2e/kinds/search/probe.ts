import type { ApiAnswer } from '../api-client.ts'

export interface Cause {
  readonly reason: string
  readonly message: string
  /** `spec.containers[0].name` */
  readonly field: string
}

/** What the server says to an object: takes it and shows it, or refuses it for these causes. */
export type Probe =
  | { readonly isTaken: true; readonly object: unknown }
  | { readonly isTaken: false; readonly causes: readonly Cause[]; readonly message: string }

export function probeOf({ status, body }: ApiAnswer): Probe {
  if (status === 200 || status === 201) return { isTaken: true, object: body }
  const { message = String(body), details } = body as {
    message?: string
    details?: { causes?: { reason?: string; message?: string; field?: string }[] }
  }
  const causes = (details?.causes ?? []).map((cause) => ({
    reason: cause.reason ?? '',
    message: cause.message ?? '',
    field: cause.field ?? '',
  }))
  return { isTaken: false, message, causes: [...causes, ...unknownFields(message)] }
}

/** `strict decoding error: unknown field "spec.foo", unknown field "spec.bar"`: has no causes. */
function unknownFields(message: string): Cause[] {
  return [...message.matchAll(/unknown field "(?<field>[^"]+)"/g)].map(({ groups }) => ({
    reason: 'FieldValueForbidden',
    message: 'unknown field',
    field: groups!['field']!,
  }))
}
