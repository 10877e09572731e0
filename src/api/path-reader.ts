import type { WireObject } from './wire-object.ts'

/**
 * Reads what a path leads to from the bytes of an object, without decoding it: nothing where the field is
 * not there, several values where an array is crossed. Values are those that `decode` would give; what is
 * neither string, number nor boolean is left out.
 *
 * @throws {DecodeError} `ERR_DECODE_OBJECT` where the bytes on the way cannot be read
 */
export type PathReader = (object: WireObject, parts: readonly string[]) => readonly (string | number | boolean)[]
