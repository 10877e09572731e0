import { median } from '../measure.ts'
import { syncedMs } from '../real/rows.ts'
import { digits, megabytes, seconds, times } from './figures.ts'
import { Measured } from './peer-rows.ts'
import type { Results } from './results.ts'
import { table } from './table.ts'

/** For each figure the least that any program could need, and how far kubeflume is from it. */
export function limitTable({ compare, real, server }: Results): string {
  const rows = [
    ...(compare === undefined ? [] : (['A', 'B'] as const).flatMap((corpus) => listLimits(compare, corpus))),
    ...(compare === undefined ? [] : laterLimits(compare)),
    ...(real === undefined ? [] : realLimits(real)),
    ...(server === undefined ? [] : serverLimits(server)),
  ]
  return table(['figure', 'the limit', 'is', 'kubeflume', 'that is'], rows)
}

const CORPUS = { A: '20,000 pods', B: '100,000 pods' } as const

function listLimits(compare: NonNullable<Results['compare']>, corpus: 'A' | 'B'): string[][] {
  return (['protobuf', 'json'] as const).flatMap((encoding) => {
    const mine = new Measured(compare, `kubeflume ${corpus} ${encoding} memory`)
    const drop = new Measured(compare, `nowhere ${corpus} ${encoding}`)
    if (!mine.exists || !drop.exists) return []
    const what = `${CORPUS[corpus]}, ${encoding}`
    const body = drop.median('bytesRead')!
    const kept = mine.median('keptBytes')!
    return [
      line(`${what}: synced`, 'read and drop', drop.median('syncedMs')!, mine.median('syncedMs')!, seconds),
      line(`${what}: CPU`, 'read and drop', drop.median('cpuMs')!, mine.median('cpuMs')!, seconds),
      line(`${what}: memory that stays`, 'the body itself', body, kept, megabytes),
    ]
  })
}

/** A relist has to read the list again; events come no faster than a list does, byte by byte. */
function laterLimits(compare: NonNullable<Results['compare']>): string[][] {
  return (['protobuf', 'json'] as const).flatMap((encoding) => {
    const drop = new Measured(compare, `nowhere A ${encoding}`)
    const relist = new Measured(compare, `kubeflume A ${encoding} relist`)
    const events = new Measured(compare, `kubeflume A ${encoding} events`)
    if (!drop.exists || !relist.exists || !events.exists) return []
    const dropMs = drop.median('syncedMs')!
    const eventsBytes = events.median('responseBytes')! - drop.median('bytesRead')!
    const eventsMs = eventsBytes / 1000 / drop.median('megabytesPerSecond')!
    const count = events.median('events')!.toLocaleString('en')
    return [
      line(`20,000 pods, ${encoding}: relisted`, 'read and drop', dropMs, relist.median('relistMs')!, seconds),
      line(`${count} events, ${encoding}: told`, 'read and drop', eventsMs, events.median('eventsMs')!, seconds),
    ]
  })
}

function realLimits({ samples }: NonNullable<Results['real']>): string[][] {
  return ['protobuf', 'json'].flatMap((encoding) => {
    const found = (client: string): number[] => syncedMs(samples, client).filter((value) => value !== undefined)
    const [mine, curl] = [found(`kubeflume ${encoding} list`), found(`curl ${encoding} list`)]
    if (mine.length === 0 || curl.length === 0) return []
    return [line(`kube-apiserver, ${encoding}: synced`, 'curl', median(curl), median(mine), seconds)]
  })
}

function serverLimits({ samples }: NonNullable<Results['server']>): string[][] {
  return Object.entries(samples).flatMap(([server, clients]) => {
    const peak = (client: string): number | undefined =>
      clients[client] && median(clients[client].map(({ peakBytes }) => peakBytes))
    const [mine, curl] = [peak('kubeflume protobuf list'), peak('curl protobuf list')]
    if (mine === undefined || curl === undefined) return []
    return [line(`kube-apiserver ${server}: its peak with 16 lists`, 'curl', curl, mine, megabytes)]
  })
}

function line(what: string, limit: string, least: number, own: number, write: (value: number) => string): string[] {
  return [what, limit, write(least), write(own), own < least ? `${digits(own / least)} of it` : times(own / least)]
}
