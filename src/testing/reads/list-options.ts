import { badRequest, failure, type FieldError, invalid } from '../status.ts'
import type { Gates } from '../catalog/release.ts'

/** The query of a LIST or WATCH, checked. */
export interface ListOptions {
  readonly watch: boolean
  readonly labelSelector: string
  readonly fieldSelector: string
  /** Empty where the request has none. */
  readonly resourceVersion: string
  readonly resourceVersionMatch: string
  readonly limit: number
  readonly continueToken: string
  readonly allowWatchBookmarks: boolean
  readonly sendInitialEvents: boolean | undefined
  readonly timeoutSeconds: number
}

/** Go's `strconv.ParseBool` as apimachinery's query conversion uses it: what is not false is true. */
export function isTrue(value: string | undefined): boolean | undefined {
  return value === undefined ? undefined : value !== '' && value !== '0' && value.toLowerCase() !== 'false'
}

/**
 * Reads and checks a query, in the order and with the messages of apimachinery
 * `pkg/apis/meta/internalversion` (defaults and validation).
 *
 * @throws {ApiError} 422 for what may not stand together, 400 for what is no number or no version, 500 for the version of a WATCH that is none.
 */
export function parseListOptions(query: { readonly [name: string]: string }, gates: Gates): ListOptions {
  const given: ListOptions = {
    watch: isTrue(query['watch']) ?? false,
    labelSelector: query['labelSelector'] ?? '',
    fieldSelector: query['fieldSelector'] ?? '',
    resourceVersion: query['resourceVersion'] ?? '',
    resourceVersionMatch: query['resourceVersionMatch'] ?? '',
    limit: numberOf(query['limit']),
    continueToken: query['continue'] ?? '',
    allowWatchBookmarks: isTrue(query['allowWatchBookmarks']) ?? false,
    sendInitialEvents: isTrue(query['sendInitialEvents']),
    timeoutSeconds: numberOf(query['timeoutSeconds']),
  }
  const options = withDefaults(given, gates)
  const [first, ...rest] = options.watch ? watchErrors(options, gates) : listErrors(options)
  if (first !== undefined) throw invalid({ kind: 'ListOptions', group: 'meta.k8s.io' }, '', [first, ...rest])
  if (options.watch) checkWatchVersion(options)
  else checkResourceVersion(options)
  return options
}

/** A watch without a version is a watch-list by another name, where the server has those. */
function withDefaults(options: ListOptions, gates: Gates): ListOptions {
  const isLegacy = options.sendInitialEvents === undefined && options.resourceVersionMatch === ''
  const fromNothing = options.resourceVersion === '' || options.resourceVersion === '0'
  if (!gates.watchList || !options.watch || !isLegacy || !fromNothing) return options
  return { ...options, sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' }
}

function listErrors(options: ListOptions): FieldError[] {
  const { resourceVersionMatch: match, resourceVersion, continueToken, sendInitialEvents } = options
  const errors: FieldError[] = []
  if (match !== '') {
    if (resourceVersion === '') errors.push(forbiddenMatch('is forbidden unless resourceVersion is provided'))
    if (continueToken !== '') errors.push(forbiddenMatch('is forbidden when continue is provided'))
    if (match !== 'Exact' && match !== 'NotOlderThan') {
      errors.push(unsupportedMatch(match, ['Exact', 'NotOlderThan', '']))
    }
    if (match === 'Exact' && resourceVersion === '0') {
      errors.push(forbiddenMatch('"exact" is forbidden for resourceVersion "0"'))
    }
  }
  if (sendInitialEvents !== undefined) {
    errors.push(forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list'))
  }
  return errors
}

function watchErrors(options: ListOptions, gates: Gates): FieldError[] {
  const { resourceVersionMatch: match, continueToken, sendInitialEvents } = options
  const errors: FieldError[] = []
  if (sendInitialEvents !== undefined) {
    if (match !== 'NotOlderThan') {
      const message = 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'
      errors.push(forbidden('resourceVersionMatch', message))
    }
    if (!gates.watchList) {
      const message = 'sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled'
      errors.push(forbidden('sendInitialEvents', message))
    }
  }
  if (match !== '') {
    if (sendInitialEvents === undefined) {
      errors.push(forbiddenMatch('is forbidden for watch unless sendInitialEvents is provided'))
    }
    if (match !== 'NotOlderThan') errors.push(unsupportedMatch(match, ['NotOlderThan']))
    if (continueToken !== '') errors.push(forbiddenMatch('is forbidden when continue is provided'))
  }
  return errors
}

function forbidden(field: string, message: string): FieldError {
  return { field, type: 'FieldValueForbidden', message: `Forbidden: ${message}` }
}

function forbiddenMatch(why: string): FieldError {
  return forbidden('resourceVersionMatch', `resourceVersionMatch ${why}`)
}

function unsupportedMatch(match: string, supported: readonly string[]): FieldError {
  const values = supported.map((value) => JSON.stringify(value)).join(', ')
  const message = `Unsupported value: ${JSON.stringify(match)}: supported values: ${values}`
  return { field: 'resourceVersionMatch', type: 'FieldValueNotSupported', message }
}

function checkResourceVersion({ resourceVersion, continueToken }: ListOptions): void {
  if (resourceVersion === '' || resourceVersion === '0') return
  if (!isVersion(resourceVersion)) throw badRequest(`invalid resource version: ${notAVersion(resourceVersion)}`)
  if (continueToken !== '') throw badRequest('specifying resource version is not allowed when using continue')
}

/** A WATCH ignores the token; what is wrong with its version a real server takes for a mistake of its own. */
function checkWatchVersion({ resourceVersion }: ListOptions): void {
  if (resourceVersion !== '' && !isVersion(resourceVersion)) throw failure(500, '', notAVersion(resourceVersion))
}

/** As `strconv.ParseUint` reads it, which minds no leading zeros. */
function isVersion(text: string): boolean {
  return /^\d+$/.test(text)
}

function notAVersion(text: string): string {
  const value = JSON.stringify(text)
  return `resourceVersion: Invalid value: ${value}: strconv.ParseUint: parsing ${value}: invalid syntax`
}

function numberOf(text: string | undefined): number {
  if (text === undefined) return 0
  if (!/^-?\d+$/.test(text)) {
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`)
  }
  return Math.max(Number(text), 0)
}
