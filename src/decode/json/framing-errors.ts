import { DecodeError } from '../../api/errors.ts'
import { MAX_DEPTH } from './bytes.ts'

export function tooDeep(offset: number): DecodeError {
  return new DecodeError('ERR_DECODE_TOO_DEEP', `nested deeper than ${MAX_DEPTH}`, { offset })
}

export function unmatched(offset: number): DecodeError {
  return new DecodeError('ERR_DECODE_SYNTAX', 'a bracket closes what is not open', { offset })
}
