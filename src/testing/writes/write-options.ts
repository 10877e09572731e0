import type { ApiError } from '../../api/errors.ts'
import type { Exchange } from '../http/exchange.ts'
import { isTrue } from '../reads/list-options.ts'
import { invalidOptions } from './refusals.ts'

/** Longer ones are refused: `FieldManagerMaxLength` of apimachinery. */
const MAX_MANAGER = 128

const FIELD_VALIDATIONS: readonly string[] = ['', 'Ignore', 'Strict', 'Warn']

/** What the query of a write asks for, beside what is written. */
export interface WriteOptions {
  readonly isDryRun: boolean
  readonly manager: string
}

/** @throws {ApiError} 422 */
export function writeOptions(
  exchange: Exchange,
  kind: 'CreateOptions' | 'UpdateOptions' | 'PatchOptions',
): WriteOptions {
  const { dryRun, fieldManager, fieldValidation = '' } = exchange.query
  checkDryRun(dryRun === undefined ? [] : [dryRun], kind)
  if (fieldManager !== undefined && fieldManager.length > MAX_MANAGER) {
    throw invalidOptions(
      kind,
      'fieldManager',
      'FieldValueInvalid',
      `Too long: may not be more than ${MAX_MANAGER} bytes`,
    )
  }
  if (!FIELD_VALIDATIONS.includes(fieldValidation)) {
    const values = FIELD_VALIDATIONS.map((value) => JSON.stringify(value)).join(', ')
    const message = `Unsupported value: ${JSON.stringify(fieldValidation)}: supported values: ${values}`
    throw unsupported(kind, 'fieldValidation', message)
  }
  return { isDryRun: dryRun !== undefined, manager: fieldManager || managerOf(exchange) }
}

/** @throws {ApiError} 422 without a manager */
export function applyOptions(exchange: Exchange): WriteOptions & { readonly isForced: boolean } {
  if (!exchange.query['fieldManager']) {
    throw invalidOptions(
      'PatchOptions',
      'fieldManager',
      'FieldValueRequired',
      'Required value: is required for apply patch',
    )
  }
  return { ...writeOptions(exchange, 'PatchOptions'), isForced: isTrue(exchange.query['force']) === true }
}

/** @throws {ApiError} 422 */
export function checkNotForced({ query }: Exchange): void {
  if (query['force'] === undefined) return
  throw invalidOptions(
    'PatchOptions',
    'force',
    'FieldValueForbidden',
    'Forbidden: may not be specified for non-apply patch',
  )
}

/** @throws {ApiError} 422 for anything but `All` */
export function checkDryRun(given: readonly string[], kind: string): void {
  if (given.every((value) => value === 'All')) return
  const message = `Unsupported value: ${JSON.stringify(given)}: supported values: "All"`
  throw unsupported(kind, 'dryRun', message)
}

export function unsupported(kind: string, field: string, message: string): ApiError {
  return invalidOptions(kind, field, 'FieldValueNotSupported', message)
}

/** What the client calls itself, up to its version: `managerOrUserAgent` of apiserver `endpoints/handlers`. */
function managerOf({ request }: Exchange): string {
  return (request.headers['user-agent'] ?? '').split('/')[0]!.slice(0, MAX_MANAGER) || 'unknown'
}
