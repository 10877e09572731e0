import { median } from '../measure.ts'
import { syncedMs } from '../real/rows.ts'
import { digits, megabytes, seconds, spread, times } from './figures.ts'
import type { RealResult, ServerResult, StoreResult } from './results.ts'
import { table } from './table.ts'

/** What is asked of the store and the reflector, and what was measured. */
export function askedTable({ rows }: StoreResult): string {
  const lines = rows.map(({ what, atMost, unit, values }) => {
    const write = (value: number): string => `${digits(value)} ${unit}`
    return [what, atMost === undefined ? '' : write(atMost), spread(values, write), met(values, atMost)]
  })
  return table(['what', 'asked, at most', 'measured', 'met'], lines)
}

/** Of the same what one Node alone can tell. */
export function ownTable(result: StoreResult): string {
  return askedTable({ ...result, rows: result.rows.filter(({ values }) => values.length > 0) })
}

export function realTable({ samples }: RealResult): string {
  const lines = Object.entries(samples).map(([client, outcomes]) => {
    const values = syncedMs(samples, client).filter((value) => value !== undefined)
    const error = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error] : []))[0]
    return [client, spread(values, seconds) || `failed: ${error ?? ''}`, String(values.length)]
  })
  return table(['who, and how', 'synced', 'rounds'], lines)
}

export function realAskedTable({ rows }: RealResult): string {
  const lines = rows.map(({ what, atMost, values }) => [
    what,
    atMost === undefined ? '' : times(atMost),
    spread(values, times),
    met(values, atMost),
  ])
  return table(['ratio within a round', 'asked, at most', 'measured', 'met'], lines)
}

export function serverTable({ samples, rows }: ServerResult): string {
  const lines = Object.entries(samples).flatMap(([server, clients]) =>
    Object.entries(clients).map(([client, found]) => {
      const row = rows.find((each) => each.server === server && each.what === client)
      const failed = found.reduce((sum, sample) => sum + (sample.failed ?? 0), 0)
      return [
        server,
        failed === 0 ? client : `${client} (${failed} failed: ${found[0]!.errors?.join('; ') ?? ''})`,
        megabytes(median(found.map(({ beforeBytes }) => beforeBytes))),
        megabytes(median(found.map(({ peakBytes }) => peakBytes))),
        row === undefined ? '' : times(median(row.values)),
        row === undefined ? '' : met(row.values, row.atMost),
        seconds(median(found.map(({ allMs }) => allMs))),
        seconds(median(found.map(({ serverCpuMs }) => serverCpuMs))),
      ]
    }),
  )
  const head = ['kube-apiserver', 'clients', 'before', 'peak', "curl's peak", '1.1 x met', 'all synced', 'server CPU']
  return table(head, lines)
}

/** Whether the median is at most what is asked; nothing where nothing is asked. */
function met(values: readonly number[], atMost: number | undefined): string {
  if (atMost === undefined || values.length === 0) return ''
  return median(values) <= atMost ? 'yes' : 'no'
}
