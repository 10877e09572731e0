import { createHash } from 'node:crypto'
import { Api } from './api.ts'
import { compare, type Found } from './compare.ts'
import type { ContractCase } from './contract-case.ts'
import type { ContractServer } from './contract-server.ts'
import type { Exchange } from './exchange.ts'
import { withSymbols } from './symbols.ts'

export interface ContractServers {
  readonly real: ContractServer
  readonly ours: ContractServer
}

/** Runs a case on both servers at once and says where their answers differ. */
export async function runCase(one: ContractCase, { real, ours }: ContractServers): Promise<Found[]> {
  const [expected, answered] = await Promise.all([transcriptOf(one, real), transcriptOf(one, ours)])
  return compare(expected, answered)
}

/** A script that cannot go on ends its transcript by saying so: on one server alone that is a difference. */
export async function transcriptOf(one: ContractCase, server: ContractServer): Promise<Exchange[]> {
  await using api = new Api(server, `c-${slugOf(one.name)}`)
  try {
    await one.run(api)
  } catch (error) {
    api.transcript.push({ request: 'the script went on', status: 0, headers: {}, body: String(error) })
  }
  return withSymbols(api.transcript, one.keepsManagedFields ?? false)
}

/** One namespace for each case: the beginning of its name for whoever reads, and a hash that is its own. */
function slugOf(name: string): string {
  const words = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  return `${words.slice(0, 30)}-${createHash('sha256').update(name).digest('hex').slice(0, 6)}`
}
