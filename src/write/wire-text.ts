import { KubeflumeError } from '../api/errors.ts'

/**
 * A value as JSON. Undefined properties are not there, dates are strings, and lazily parsed fields are read.
 *
 * @throws {KubeflumeError} `ERR_OPTION` for what JSON cannot hold: a cycle, a bigint
 */
export function wireText(value: object): string {
  try {
    return JSON.stringify(value)
  } catch (cause) {
    throw new KubeflumeError('ERR_OPTION', 'the object to write cannot be written as JSON', { cause })
  }
}

/** What Go's YAML reader refuses in a string or takes for a line break, and JSON leaves as it is. */
// oxlint-disable-next-line no-control-regex -- they are what it is about
const NOT_YAML = /[\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]/g

/** JSON that is YAML too, character by character: apply patches are read as YAML (apiserver `applyPatcher`). */
export function yamlText(json: string): string {
  return json.replaceAll(NOT_YAML, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
