import { readFileSync } from 'node:fs'
import { parseAllDocuments } from 'yaml'
import { KubeflumeError } from '../../api/errors.ts'
import type { AnyObject } from '../encoding/encoding.ts'

/** YAML or JSON: the text itself, or the path of a file. A string of more than one line, or that begins with `{`, is the text. */
export type Manifest = string | URL

/**
 * The objects of a manifest, as kubectl reads it: of every document, and of every `List` in it. Empty
 * documents are left out.
 *
 * @throws {KubeflumeError} `ERR_OPTION` for a file that cannot be read, and for what is no YAML, or no object with
 *   apiVersion, kind and metadata
 */
export function objectsOf(manifest: Manifest): AnyObject[] {
  const isText = typeof manifest === 'string' && (manifest.includes('\n') || manifest.startsWith('{'))
  const text = isText ? manifest : read(manifest)
  const name = isText ? 'the manifest' : String(manifest)
  const documents = parseAllDocuments(text, { version: '1.1', schema: 'core', merge: true })
  return [...documents].flatMap((document, index) => {
    const [error] = document.errors
    if (error !== undefined) throw new KubeflumeError('ERR_OPTION', `${name}: ${error.message}`, { cause: error })
    return flatten(document.toJS({ maxAliasCount: 100 }) as unknown, `${name}, document ${index + 1}`)
  })
}

function read(file: string | URL): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    const message = `the manifest ${String(file)} cannot be read: ${(cause as Error).message}`
    throw new KubeflumeError('ERR_OPTION', message, { cause })
  }
}

function flatten(value: unknown, place: string): AnyObject[] {
  if (value === null || value === undefined) return []
  const object = value as Partial<AnyObject>
  if (typeof object.apiVersion !== 'string' || typeof object.kind !== 'string') {
    throw new KubeflumeError('ERR_OPTION', `${place}: it has no apiVersion and kind`)
  }
  if (object.kind.endsWith('List') && Array.isArray(object['items'])) {
    return object['items'].flatMap((item, index) => flatten(item, `${place}, item ${index + 1}`))
  }
  if (typeof object.metadata !== 'object' || object.metadata === null) {
    throw new KubeflumeError('ERR_OPTION', `${place}: it has no metadata`)
  }
  return [object as AnyObject]
}
