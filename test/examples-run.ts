import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const TIMEOUT_MS = 90_000

/** Every lesson: a file of its own, right in the folder. */
export function exampleFiles(): string[] {
  return readdirSync(`${root}examples`).filter((file) => file.endsWith('.ts'))
}

/** What an example says in substance: these lines in this order, whatever is between them. */
export const expectedLines: Readonly<Record<string, readonly RegExp[]>> = {
  'config-map-to-secret.ts': [
    /^a ConfigMap: two Secrets and a status$/,
    /^its data changed: so did theirs$/,
    /^somebody deleted the copy: it is there again$/,
    /^the ConfigMap deleted: the finalizer took the copy with it$/,
  ],
  'decode-a-file.ts': [/^the same 3 objects by both roads: true$/],
  'demo.ts': [
    /20,000 pods .* MB .* MB\/s/,
    /^ {2}synced in \d+ ms, at resourceVersion \d+$/,
    /^ {2}deleted demo\/new {"app":"demo","tier":"front"}$/,
    /^ {2}added demo\/unseen$/,
    /^ {2}deleted demo\/unseen$/,
    /^ {4}finalStateKnown: false$/,
    /LIST +resourceVersion \d+ NotOlderThan \(from the cache\)/,
  ],
  'elected-operator.ts': [
    /^(anna|bert): leads$/,
    /^the leader is killed/,
    /^(anna|bert): leads$/,
    /^the other one has taken over, and done what was left to do$/,
    /^(anna|bert): stopped$/,
    /^the new leader is asked to stop: the lease is free at once$/,
  ],
  'garbage-report.ts': [
    /^\d+ objects of \d\d+ kinds$/,
    /^ConfigMap \S+\/child: (its owner ConfigMap parent is gone|collected)/,
  ],
  'hello-informer.ts': [/^1 pod, at resourceVersion \d+$/, /^added first$/, /^added second$/, /^deleted first$/],
  'migrate-from-client-node.ts': [
    /^ +kubeflume +added migration-a$/,
    /^ +kubeflume +updated migration-b$/,
    /^ +kubeflume +deleted migration-b$/,
    /^done$/,
  ],
  'pods-per-node.ts': [
    /^example-node-a +1 +1 +0$/,
    /^example-node-b +2 +1 +0$/,
    /^example-node-a +1 +1 +0$/,
    /^example-node-b +1 +0 +0$/,
  ],
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv | undefined
  readonly args?: readonly string[] | undefined
}

/**
 * Runs an example to its end, as a user does: a process of its own, the built package.
 *
 * @returns the lines that it has printed
 * @throws Error with everything that it has said, if it fails, or has not ended in time; then what it started is gone, too
 */
export async function runExample(file: string, { env = {}, args = [] }: RunOptions = {}): Promise<string[]> {
  const child = spawn(process.execPath, [`examples/${file}`, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a group of its own, for an example that starts processes
  })
  const said: { readonly stdout: string[]; readonly all: string[] } = { stdout: [], all: [] }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      if (name === 'stdout') said.stdout.push(text)
      said.all.push(text)
    })
  }
  const endGroup = (): void => {
    if (child.pid === undefined) return
    try {
      process.kill(-child.pid, 'SIGKILL')
    } catch {
      // Nothing of it is left.
    }
  }
  const timer = setTimeout(endGroup, TIMEOUT_MS)
  try {
    const ending = await new Promise((resolve, reject) => {
      child.once('error', reject).once('close', (code, signal) => resolve(code ?? signal))
    })
    if (ending !== 0) throw new Error(`examples/${file} ended with ${String(ending)}:\n${said.all.join('')}`)
  } finally {
    clearTimeout(timer)
    endGroup()
  }
  return said.stdout.join('').split('\n')
}

/** The expected lines that are not there, or not behind the one before. */
export function missingLines(expected: readonly RegExp[], lines: readonly string[]): readonly RegExp[] {
  let from = 0
  return expected.filter((line) => {
    const at = lines.findIndex((said, index) => index >= from && line.test(said))
    if (at === -1) return true
    from = at + 1
    return false
  })
}
