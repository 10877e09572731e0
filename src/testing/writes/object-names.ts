import type { ApiError } from '../../api/errors.ts'
import type { Resource } from '../../api/resource.ts'
import { invalid } from '../status.ts'

const LABEL = String.raw`[a-z0-9]([-a-z0-9]*[a-z0-9])?`
const SUBDOMAIN = String.raw`${LABEL}(\.${LABEL})*`
const WHOLE_LABEL = new RegExp(`^${LABEL}$`)
const WHOLE_SUBDOMAIN = new RegExp(`^${SUBDOMAIN}$`)

const NOT_A_LABEL =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '" +
  `${LABEL}')`
const NOT_A_SUBDOMAIN =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '" +
  `${SUBDOMAIN}')`

/** Longer names are refused: `DNS1123SubdomainMaxLength`, `DNS1123LabelMaxLength`. */
const MAX_SUBDOMAIN = 253
const MAX_LABEL = 63

/** Resources whose names are labels: apimachinery `api/validation`, `NameIsDNSLabel`. */
const WITH_LABELS = new Set(['namespaces', 'services'])

/** Groups whose names are whatever a path can have: `v1.` is that of an APIService. */
const WITH_PATH_SEGMENTS = new Set(['rbac.authorization.k8s.io', 'apiregistration.k8s.io'])

/** @throws {ApiError} 422 for a name that the resource does not allow */
export function checkName(resource: Resource, name: string): void {
  const why = problemOf(resource, name)
  if (why !== undefined) throw invalidName(resource, name, why)
}

export function nameRequired(resource: Resource): ApiError {
  const message = 'Required value: name or generateName is required'
  return invalid(resource, '', [{ field: 'metadata.name', type: 'FieldValueRequired', message }])
}

export function invalidName(resource: Resource, name: string, why: string): ApiError {
  const message = `Invalid value: ${JSON.stringify(name)}: ${why}`
  return invalid(resource, name, [{ field: 'metadata.name', type: 'FieldValueInvalid', message }])
}

function problemOf({ group, plural }: Resource, name: string): string | undefined {
  if (WITH_PATH_SEGMENTS.has(group)) return problemOfPathSegment(name)
  if (group === '' && WITH_LABELS.has(plural)) {
    if (name.length > MAX_LABEL) return `must be no more than ${MAX_LABEL} bytes`
    return WHOLE_LABEL.test(name) ? undefined : NOT_A_LABEL
  }
  return problemOfSubdomain(name)
}

export function problemOfSubdomain(name: string): string | undefined {
  if (name.length > MAX_SUBDOMAIN) return `must be no more than ${MAX_SUBDOMAIN} bytes`
  return WHOLE_SUBDOMAIN.test(name) ? undefined : NOT_A_SUBDOMAIN
}

function problemOfPathSegment(name: string): string | undefined {
  if (name === '.' || name === '..') return `may not be '${name}'`
  const illegal = ['/', '%'].find((character) => name.includes(character))
  return illegal === undefined ? undefined : `may not contain '${illegal}'`
}

/** Letters and digits that make no words, as apiserver `pkg/storage/names` has them. */
const SUFFIX_ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'
const SUFFIX_LENGTH = 5
/** So much of `generateName` is kept: a name made from it fits a label. */
const MAX_BASE = MAX_LABEL - SUFFIX_LENGTH

export function generatedName(base: string): string {
  const random = crypto.getRandomValues(new Uint8Array(SUFFIX_LENGTH))
  const suffix = Array.from(random, (byte) => SUFFIX_ALPHABET[byte % SUFFIX_ALPHABET.length])
  return base.slice(0, MAX_BASE) + suffix.join('')
}
