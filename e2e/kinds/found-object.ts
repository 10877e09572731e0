import { readFileSync, writeFileSync } from 'node:fs'

/** An object that the server took, and what was written to it then. */
export interface FoundObject {
  /** See `nameOf`. */
  readonly resource: string
  readonly object: Record<string, unknown>
  /** Merge patches, in this order. */
  readonly patches?: readonly { readonly subresource: string; readonly body: Record<string, unknown> }[]
  /** It has a finalizer, and is deleted after all: it stays, with a deletionTimestamp. */
  readonly isDeleted?: boolean
}

const FILE = new URL('objects.jsonl', import.meta.url)

/** In the order in which they are created. */
export function readFoundObjects(): FoundObject[] {
  const lines = readFileSync(FILE, 'utf8').trim().split('\n')
  return lines.map((line) => JSON.parse(line) as FoundObject)
}

/** One line each: a change of one object is a change of one line. */
export function writeFoundObjects(objects: readonly FoundObject[]): number {
  const text = objects.map((object) => `${JSON.stringify(object)}\n`).join('')
  writeFileSync(FILE, text)
  return Buffer.byteLength(text)
}
