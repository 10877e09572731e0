import { badRequest } from '../status.ts'

/** Where a paged LIST goes on. `revision` is `'latest'` in the token that comes with a 410: the rest, though not of one moment. */
export interface Continuation {
  readonly revision: number | 'latest'
  /** The full key to begin with. */
  readonly from: string
}

/** As `EncodeContinue` of k8s.io/apiserver `pkg/storage`: a key to begin with, relative to the prefix. */
export function encodeContinue({ from, revision }: Continuation, prefix: string): string {
  const rv = revision === 'latest' ? -1 : revision
  const token = { v: 'meta.k8s.io/v1', rv, start: from.slice(prefix.length) }
  return Buffer.from(JSON.stringify(token)).toString('base64url')
}

/** @throws {ApiError} 400, with the server's words for what is wrong. */
export function decodeContinue(text: string, prefix: string): Continuation {
  const { v, rv, start } = readToken(text)
  if (v !== 'meta.k8s.io/v1') throw invalidToken(`: server does not recognize this encoded version ${String(v)}`)
  if (typeof rv !== 'number' || rv === 0) {
    throw invalidToken(': incorrect encoded start resourceVersion (version meta.k8s.io/v1)')
  }
  if (typeof start !== 'string' || start === '') {
    throw invalidToken(': encoded start key empty (version meta.k8s.io/v1)')
  }
  if (start.split('/').some((part) => part === '' || part === '.' || part === '..')) throw invalidToken(`: ${start}`)
  return { revision: rv < 0 ? 'latest' : rv, from: prefix + start }
}

function readToken(text: string): { v?: unknown; rv?: unknown; start?: unknown } {
  if (!/^[\w-]+$/.test(text)) throw invalidToken(': illegal base64 data')
  try {
    return (JSON.parse(Buffer.from(text, 'base64url').toString()) as object | null) ?? {}
  } catch (error) {
    throw invalidToken(`: ${(error as Error).message}`)
  }
}

function invalidToken(why: string): Error {
  return badRequest(`invalid continue token: continue key is not valid${why}`)
}
