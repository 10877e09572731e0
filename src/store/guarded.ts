import { type ErrorCode, KubeflumeError } from '../api/errors.ts'

const NAMES: { readonly [code: string]: string } = {
  ERR_FILTER: 'the filter',
  ERR_TRANSFORM: 'the transform',
  ERR_INDEX: 'an index function',
}

/** Runs a user's function. One that throws makes the object a quarantined one, and is told apart from the others by its code. */
export function guarded<R>(code: ErrorCode, key: string, run: () => R): R {
  try {
    return run()
  } catch (cause) {
    throw new KubeflumeError(code, `${key}: ${NAMES[code]} threw`, { cause })
  }
}
