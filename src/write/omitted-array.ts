import { KubeflumeError } from '../api/errors.ts'
import type { OmittedPath } from '../api/omitted.ts'
import { isDeepEqual } from '../internal/deep-equal.ts'
import { holdsArray, isJsonObject, type JsonObject, valueAt } from './merge-patch.ts'

/**
 * Refuses an edit of an array of which something was omitted. A merge patch sends arrays whole: what the editor
 * did not see would be gone.
 *
 * @throws {KubeflumeError} `ERR_OPTION`
 */
export function refuseOmittedArray(before: JsonObject, after: JsonObject, paths: readonly OmittedPath[]): void {
  const path = paths.find((each) => endangers(before, after, each))
  if (path === undefined) return
  const message = `patch: the edit changes an array, which is sent whole, and the informer's omit has cut ${path.join('.')}`
  throw new KubeflumeError('ERR_OPTION', message)
}

function endangers(before: unknown, after: unknown, path: OmittedPath): boolean {
  if (isDeepEqual(before, after)) return false
  const [field, ...rest] = path
  if (field === undefined) return holdsArray(after)
  if (Array.isArray(before) && before.length > 0) return after !== undefined
  if (!isJsonObject(after)) return false
  return endangers(isJsonObject(before) ? valueAt(before, field) : undefined, valueAt(after, field), rest)
}
