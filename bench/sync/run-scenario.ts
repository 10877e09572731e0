import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import type { PeerSample } from '../peers/peer-sample.ts'
import { invocation, type Scenario, serverArguments } from './scenario.ts'

/** What a peer printed, or why it did not. */
export type Outcome = PeerSample | { readonly error: string }

const SERVER = fileURLToPath(new URL('../replay/server.ts', import.meta.url))
/** Nothing takes so long but what will never end. */
const LIMIT_MS = 300_000

/** Runs a scenario with a server and a process of its own, so that nothing that was before is measured. */
export async function runScenario(scenario: Scenario, command: readonly string[]): Promise<Outcome> {
  const server = spawn(process.execPath, [SERVER, ...serverArguments(scenario)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  try {
    const url = await urlOf(server)
    const { args, env } = invocation(scenario, url)
    const outcome = await runPeer([...command, ...args], env)
    if ('error' in outcome) return outcome
    return { ...outcome, figures: { ...outcome.figures, ...(await trafficOf(url)) } }
  } finally {
    server.kill()
  }
}

/** What the peer asked for and got, as its server counted it. */
async function trafficOf(url: string): Promise<{ readonly [figure: string]: number }> {
  const response = await fetch(`${url}/bench/traffic`)
  return (await response.json()) as { readonly [figure: string]: number }
}

async function urlOf(server: ChildProcess): Promise<string> {
  const [line] = (await Promise.race([
    once(server.stdout!, 'data'),
    once(server, 'exit').then(() => {
      throw new Error('the replay server ended before it listened')
    }),
  ])) as [Buffer]
  return (JSON.parse(line.toString()) as { readonly url: string }).url
}

async function runPeer([file, ...args]: readonly string[], env: NodeJS.ProcessEnv): Promise<Outcome> {
  const child = spawn(file!, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  })
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  if (child.exitCode !== 0) {
    return { error: errors.trim().slice(-500) || `ended by ${child.signalCode ?? child.exitCode}` }
  }
  return JSON.parse(output) as PeerSample
}
