import { CORPORA } from '../corpora/corpus-spec.ts'
import { megabytes, seconds } from './figures.ts'
import { Measured } from './peer-rows.ts'
import type { CompareResult } from './results.ts'
import { table } from './table.ts'

const SIZES = [1_000, 10_000, 50_000, 100_000, 200_000] as const

/** How one figure of one peer grows with the number of objects. */
export interface Growth {
  readonly label: string
  readonly points: readonly { readonly objects: number; readonly ms: number; readonly peakBytes: number }[]
}

export function growths(compare: CompareResult): Growth[] {
  const series = [
    { label: 'kubeflume, protobuf', peer: 'kubeflume', corpus: 'C', encoding: 'protobuf' },
    { label: 'kubeflume, JSON', peer: 'kubeflume', corpus: 'B', encoding: 'json' },
    { label: 'client-go, protobuf', peer: 'client-go', corpus: 'C', encoding: 'protobuf' },
    { label: 'client-node, JSON', peer: 'client-node', corpus: 'B', encoding: 'json' },
  ] as const
  return series
    .map(({ label, peer, corpus, encoding }) => ({
      label,
      points: SIZES.flatMap((objects) => {
        const found = new Measured(compare, `${peer} ${corpus} ${encoding} memory ${objects}`)
        if (!found.exists || objects > CORPORA[corpus].count) return []
        return [{ objects, ms: found.median('syncedMs')!, peakBytes: found.median('peakRssBytes')! }]
      }),
    }))
    .filter(({ points }) => points.length > 0)
}

/** Time until synced and peak memory, and what one object more costs at the longest list. */
export function growthTable(compare: CompareResult): string {
  const all = growths(compare)
  const rows = SIZES.map((objects) => [
    objects.toLocaleString('en'),
    ...all.map(({ points }) => {
      const point = points.find((each) => each.objects === objects)
      return point === undefined ? '' : `${seconds(point.ms)}, ${megabytes(point.peakBytes)}`
    }),
  ])
  const perObject = [
    'one object more',
    ...all.map(({ points }) => {
      const [first, last] = [points[0]!, points.at(-1)!]
      const more = last.objects - first.objects
      if (more === 0) return ''
      const [us, bytes] = [((last.ms - first.ms) * 1000) / more, (last.peakBytes - first.peakBytes) / more]
      return `${us.toFixed(0)} µs, ${(bytes / 1000).toFixed(1)} kB`
    }),
  ]
  return table(['pods', ...all.map(({ label }) => label)], all.length === 0 ? [] : [...rows, perObject])
}
