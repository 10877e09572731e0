import type { Resource } from '../../api/resource.ts'
import type { AnyMetadata } from '../encoding/encoding.ts'
import { type FieldError, invalid } from '../status.ts'
import { problemOfSubdomain } from './object-names.ts'

/** Of a label's value and of the name in its key: `LabelValueMaxLength`, `qualifiedNameMaxLength`. */
const MAX_LENGTH = 63

const NAME = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const WHOLE_NAME = new RegExp(`^${NAME}$`)

const NOT_A_NAME =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
  `(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${NAME}')`
const NOT_A_VALUE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and " +
  `end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(${NAME})?')`

/**
 * Whether labels have the form of labels (apimachinery `pkg/apis/meta/v1/validation`, `ValidateLabels`).
 *
 * @throws {ApiError} 422
 */
export function checkLabels(resource: Resource, { name = '', labels }: AnyMetadata): void {
  const errors = Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...problemsOfKey(key).map((why) => labelError(key, why)),
    ...problemsOfValue(value).map((why) => labelError(value, why)),
  ])
  const [first, ...rest] = errors
  if (first !== undefined) throw invalid(resource, name, [first, ...rest])
}

function labelError(value: string, why: string): FieldError {
  const message = `Invalid value: ${JSON.stringify(value)}: ${why}`
  return { field: 'metadata.labels', type: 'FieldValueInvalid', message }
}

function problemsOfKey(key: string): string[] {
  const parts = key.split('/')
  const name = parts.at(-1) ?? ''
  if (parts.length > 2) {
    return [`a qualified name ${NOT_A_NAME} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`]
  }
  const problems: string[] = []
  if (parts.length === 2) {
    const why = parts[0] === '' ? 'must be non-empty' : problemOfSubdomain(parts[0]!)
    if (why !== undefined) problems.push(`prefix part ${why}`)
  }
  if (name === '') problems.push('name part must be non-empty')
  else if (name.length > MAX_LENGTH) problems.push(`name part must be no more than ${MAX_LENGTH} bytes`)
  if (!WHOLE_NAME.test(name)) problems.push(`name part ${NOT_A_NAME}`)
  return problems
}

function problemsOfValue(value: unknown): string[] {
  if (typeof value !== 'string') return [] // what is no text fails elsewhere
  const problems: string[] = []
  if (value.length > MAX_LENGTH) problems.push(`must be no more than ${MAX_LENGTH} bytes`)
  if (value !== '' && !WHOLE_NAME.test(value)) problems.push(NOT_A_VALUE)
  return problems
}
