import { createHash } from 'node:crypto'
import type { StoredVersion } from './collection.ts'

/** What tells two states apart: the keys of their objects and the revisions of those, in order. */
export function digestOf(versions: Iterable<StoredVersion>): string {
  const hash = createHash('sha256')
  for (const { key, revision } of versions) hash.update(`${key} ${revision}\n`)
  return hash.digest('hex')
}
