import { median } from '../measure.ts'
import type { Outcome } from '../sync/run-scenario.ts'
import { combine, ratio } from '../sync/samples.ts'

/** What is asked of a real server's clients: a ratio of times in each round. */
export interface RealRow {
  readonly what: string
  readonly atMost?: number
  readonly values: readonly number[]
}

type RealSamples = { readonly [client: string]: readonly Outcome[] }

export function realRows(samples: RealSamples): RealRow[] {
  const line = (mine: string, other: string, atMost?: number): RealRow => ({
    what: `${mine} / ${other}`,
    values: combine(syncedMs(samples, mine), syncedMs(samples, other), ratio),
    ...(atMost === undefined ? {} : { atMost }),
  })
  return [
    line('kubeflume protobuf list', 'curl protobuf list', 1.2),
    line('kubeflume protobuf list', 'client-go protobuf list', 1),
    line('kubeflume protobuf list', 'client-go protobuf list-without-gzip', 1),
    line('kubeflume protobuf list-any', 'client-go protobuf list'),
    line('kubeflume protobuf list-any', 'client-go protobuf list-without-gzip'),
    line('kubeflume protobuf watch-list', 'client-go protobuf watch-list'),
    line('kubeflume json list', 'curl json list'),
    line('kubeflume json list', 'client-go json list'),
    line('kubeflume json list', 'client-node json list'),
  ].filter(({ values }) => values.length > 0)
}

/** Milliseconds until a client had everything; curl says seconds. */
export function syncedMs(samples: RealSamples, client: string): (number | undefined)[] {
  return (samples[client] ?? []).map((outcome) => {
    if ('error' in outcome) return undefined
    const { syncedMs: ms, seconds, status } = outcome.figures
    return status === undefined || status === 200 ? (ms ?? seconds! * 1000) : undefined
  })
}

export function printReal(samples: RealSamples, rows: readonly RealRow[]): void {
  console.table(
    Object.keys(samples).map((client) => {
      const values = syncedMs(samples, client).filter((value) => value !== undefined)
      const ms = (value: number): string => `${value.toFixed(0)} ms`
      if (values.length === 0) return { client, synced: 'failed', from: '', to: '' }
      return { client, synced: ms(median(values)), from: ms(Math.min(...values)), to: ms(Math.max(...values)) }
    }),
  )
  console.table(
    rows.map(({ what, atMost, values }) => ({
      what,
      'at most': atMost ?? '',
      measured: median(values).toFixed(2),
      spread: `${Math.min(...values).toFixed(2)} – ${Math.max(...values).toFixed(2)}`,
      met: atMost === undefined ? '' : median(values) <= atMost ? 'yes' : 'NO',
    })),
  )
}
