import { basename } from 'node:path'
import { KubeflumeError } from '../api/errors.ts'
import { codeOf } from './safe-cause.ts'

const MAX_DEPTH = 4

/**
 * What may be said of a failure to get credentials.
 *
 * Messages are left out whole: client-node makes an exec plugin's stderr the message, and a parser's
 * message quotes the plugin's output, which is the credential. What stays is who failed (without
 * arguments, which may be secrets), names and codes of errors, and for a failure of the system the
 * call and the path.
 */
export function credentialsError(error: unknown, user: object | null): KubeflumeError {
  if (error instanceof KubeflumeError && error.code === 'ERR_CREDENTIALS') return error
  const { subject, isPlugin } = whoFailed(user)
  const hint = isPlugin ? '; what it wrote is left out, it may hold secrets: run it by hand to see it' : ''
  return new KubeflumeError('ERR_CREDENTIALS', `${subject} failed: ${factsOf(error)}${hint}`, {
    cause: safeCopy(error),
    retryable: true,
  })
}

interface UserLike {
  readonly exec?: { readonly command?: unknown } | null
  readonly authProvider?: {
    readonly name?: unknown
    readonly config?: { readonly tokenFile?: unknown; readonly exec?: { readonly command?: unknown } } | null
  } | null
}

/** In the order in which client-node asks. */
function whoFailed(user: UserLike | null): { readonly subject: string; readonly isPlugin: boolean } {
  const provider = user?.authProvider
  const exec = user?.exec ?? provider?.config?.exec
  if (exec) return { subject: `the exec plugin ${quoted(exec.command, basename)}`, isPlugin: true }
  if (provider?.config?.tokenFile) return { subject: 'reading the token file', isPlugin: false }
  if (provider) return { subject: `the auth provider ${quoted(provider.name)}`, isPlugin: true }
  return { subject: 'reading the credentials of the kubeconfig', isPlugin: false }
}

function quoted(name: unknown, shorten: (name: string) => string = (text) => text): string {
  return typeof name === 'string' ? `'${shorten(name).slice(0, 64)}'` : '(unnamed)'
}

function factsOf(error: unknown, depth: number = 0): string {
  if (error instanceof KubeflumeError && error.code === 'ERR_TIMEOUT') return 'it has not answered for two minutes'
  if (!(error instanceof Error)) return 'it threw what is no Error'
  const { syscall, path } = error as NodeJS.ErrnoException
  const isSystem = codeOf(error) !== undefined && typeof syscall === 'string'
  const own = [word(error.name), word(codeOf(error)), ...(isSystem ? [syscall, path && `'${path}'`] : [])]
  const facts = own.filter((fact) => fact).join(' ')
  return error.cause instanceof Error && depth < MAX_DEPTH ? `${facts} <- ${factsOf(error.cause, depth + 1)}` : facts
}

/** Names and codes are words; what is not one may be anything. */
function word(text: string | undefined): string | undefined {
  return text !== undefined && /^\w{1,64}$/.test(text) ? text : undefined
}

function safeCopy(error: unknown): Error {
  const copy = new Error(factsOf(error))
  const code = word(codeOf(error))
  delete copy.stack // ours, and not where it failed; the original's begins with its message
  return Object.assign(copy, code && { code })
}
