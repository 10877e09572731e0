import { KubeflumeError } from '../../api/errors.ts'

/**
 * The number in a resourceVersion that a test names.
 *
 * @throws {KubeflumeError} `ERR_OPTION` for anything but decimal digits
 */
export function parseRevision(text: string): number {
  if (/^\d+$/.test(text)) return Number(text)
  throw new KubeflumeError('ERR_OPTION', `not a resourceVersion of the test server: ${JSON.stringify(text)}`)
}
