import { CORPORA } from '../corpora/corpus-spec.ts'
import { digits, megabytes, milliseconds, seconds, spread } from './figures.ts'
import { Measured, PEER_ROWS, type PeerRow } from './peer-rows.ts'
import type { CompareResult } from './results.ts'
import { table } from './table.ts'

const HEAD = [
  'who, and how',
  'first object',
  'synced',
  'and each decoded',
  'CPU',
  'peak RSS',
  'stays',
  'longest stall',
  '99 %',
] as const

/** One list, read by everyone. */
export function listTable(compare: CompareResult, corpus: string): string {
  return table(
    HEAD,
    PEER_ROWS.map((row) => listRow(compare, corpus, row)).filter((row) => row !== undefined),
  )
}

/** What everyone does with a body longer than a string of V8 can be. */
export function beyondTable(compare: CompareResult): string {
  const rows = ['kubeflume', 'client-node', 'kubernetes-fluent-client'].flatMap((peer) => {
    const found = new Measured(compare, `${peer} D json memory`)
    if (!found.exists) return found.error === undefined ? [] : [[peer, `failed: ${found.error}`, '', '']]
    const shown = (figure: string, write: (value: number) => string): string => spread(found.values(figure), write)
    const outcome = `synced after ${shown('syncedMs', seconds)}`
    return [[peer, outcome, shown('peakRssBytes', megabytes), stallOf(found)]]
  })
  return table(['JSON, 150,000 pods', 'outcome', 'peak RSS', 'longest stall'], rows)
}

/** A list with 1 % changed, after the first. */
export function relistTable(compare: CompareResult): string {
  const rows = PEER_ROWS.map(({ label, peer, rest }) => {
    const found = new Measured(compare, `${peer} A ${rest.split(' ')[0]!} relist`)
    if (!found.exists || rest.includes('watch-list')) return undefined
    const [steady, peak] = [found.median('relistSteadyRssBytes')!, found.median('relistPeakRssBytes')!]
    const stall = found.stall('relist', 'longestStallMs')
    const time = seconds(found.median('relistMs')!)
    return [label, time, megabytes(steady), megabytes(peak), digits(peak / steady), stall ? milliseconds(stall) : '']
  })
  const head = ['20,000 pods, 1 % changed', 'relisted after', 'before', 'peak', 'peak / before', 'longest stall']
  return table(
    head,
    rows.filter((row) => row !== undefined),
  )
}

/** Events on a watch, as fast as they are taken. */
export function eventsTable(compare: CompareResult): string {
  const kinds = PEER_ROWS.map((row) => ({ ...row, step: 'events' }))
  kinds.splice(1, 0, { ...kinds[0]!, label: 'kubeflume, protobuf, each object read', step: 'read-events' })
  const rows = kinds.map(({ label, peer, rest, step }) => {
    const found = new Measured(compare, `${peer} A ${rest.split(' ')[0]!} ${step}`)
    if (!found.exists || rest.includes('watch-list')) return undefined
    const rate = (found.median('events')! / found.median('eventsMs')!) * 1000
    const stall = found.stall('events', 'longestStallMs')
    const cpu = (found.median('eventsCpuMs')! * 1000) / found.median('events')!
    return [label, digits(rate), `${digits(cpu)} µs`, stall ? milliseconds(stall) : '']
  })
  return table(
    ['applied and told', 'events per second', 'CPU per event', 'longest stall'],
    rows.filter((row) => row !== undefined),
  )
}

/** Lists of what is not pods. */
export function kindsTable(compare: CompareResult): string {
  const peers = [
    ['kubeflume, protobuf', 'kubeflume', 'protobuf memory'],
    ['kubeflume, JSON', 'kubeflume', 'json memory'],
    ['client-go, protobuf', 'client-go', 'protobuf memory'],
    ['client-node, JSON', 'client-node', 'json memory'],
    ['read and drop, protobuf', 'nowhere', 'protobuf'],
    ['read and drop, JSON', 'nowhere', 'json'],
  ] as const
  const rows = (['configmaps', 'secrets', 'widgets', 'events'] as const).flatMap((corpus) =>
    peers.flatMap(([label, peer, rest]) => {
      const found = new Measured(compare, `${peer} ${corpus} ${rest}`)
      const { count, kind } = CORPORA[corpus]
      const what = `${count.toLocaleString('en')} ${kind.kind}s`
      if (!found.exists) return found.error === undefined ? [] : [[what, label, 'failed', '', '', '']]
      const [peak, kept] = [found.median('peakRssBytes')!, found.median('keptBytes') ?? found.median('heapBytes')]
      const memory = [megabytes(peak), kept === undefined ? '' : megabytes(kept)]
      return [[what, label, spread(found.values('syncedMs'), seconds), ...memory, stallOf(found)]]
    }),
  )
  return table(['objects', 'who, and how', 'synced', 'peak RSS', 'stays', 'longest stall'], rows)
}

/** What goes over the wire, and what compression does to a sync. */
export function trafficTable(compare: CompareResult): string {
  const rows = PEER_ROWS.flatMap(({ label, peer, rest }) => {
    const [encoding] = rest.split(' ')
    const plain = new Measured(compare, `${peer} A ${rest}`)
    const gzip = new Measured(compare, `${peer} A ${encoding!} memory gzip`)
    const line = (name: string, found: Measured): string[][] => {
      const bytes = found.median('responseBytes')
      if (bytes === undefined) return []
      const asked = [String(found.median('requests')!), String(found.median('requestBytes')!)]
      return [[name, ...asked, megabytes(bytes), seconds(found.median('syncedMs')!)]]
    }
    const isGzipped = !rest.includes('watch-list') && gzip.exists
    return [...line(label, plain), ...(isGzipped ? line(`${label}, gzip`, gzip) : [])]
  })
  return table(['20,000 pods', 'requests', 'bytes sent', 'read', 'synced'], rows)
}

function listRow(compare: CompareResult, corpus: string, row: PeerRow): string[] | undefined {
  const found = new Measured(compare, `${row.peer} ${corpus} ${row.rest}`)
  const { label, decodeRest } = row
  if (!found.exists) return found.error === undefined ? undefined : [label, '', 'failed', '', '', '', '', '', '']
  const decoded = decodeRest === undefined ? found : new Measured(compare, `${row.peer} ${corpus} ${decodeRest}`)
  const figure = (name: string, write: (value: number) => string): string => {
    const value = found.median(name)
    return value === undefined ? '' : write(value)
  }
  const decodedMs = decoded.median('decodedMs')
  const late = found.stall('sync', 'stall99Ms')
  return [
    label,
    figure('firstObjectMs', seconds),
    spread(found.values('syncedMs'), seconds),
    decodedMs === undefined ? '' : seconds(decodedMs),
    figure('cpuMs', seconds),
    figure('peakRssBytes', megabytes),
    figure('keptBytes', megabytes) || figure('heapBytes', megabytes),
    stallOf(found),
    late === undefined ? '' : milliseconds(late),
  ]
}

function stallOf(found: Measured): string {
  const stall = found.stall('sync', 'longestStallMs')
  return stall === undefined ? '' : milliseconds(stall)
}
