import { median } from '../measure.ts'
import { barChart } from './bar-chart.ts'
import { megabytes, seconds } from './figures.ts'
import { type Growth, growths } from './growth.ts'
import { lineChart } from './line-chart.ts'
import { Measured, PEER_ROWS } from './peer-rows.ts'
import type { CompareResult, Results, ServerResult } from './results.ts'
import type { Colour } from './svg.ts'

/** The pictures, by the name of their file. */
export function plots({ compare, server }: Results): { readonly [file: string]: string } {
  return {
    ...(compare === undefined ? {} : comparePlots(compare)),
    ...(server === undefined ? {} : { 'server.svg': serverPlot(server) }),
  }
}

function comparePlots(compare: CompareResult): { readonly [file: string]: string } {
  const all = growths(compare)
  const growth = (title: string, write: (value: number) => string, y: (point: Growth['points'][number]) => number) =>
    lineChart({
      title,
      writeX: (objects) => objects.toLocaleString('en'),
      writeY: write,
      lines: all.map(({ label, points }, index) => ({
        label,
        colour: GROWTH_COLOURS[index]!,
        points: points.map((point) => [point.objects, y(point)] as const),
      })),
    })
  return {
    'synced.svg': peersPlot(compare, '20,000 pods: time until synced', 'syncedMs', seconds),
    'memory.svg': peersPlot(compare, '20,000 pods: peak resident memory', 'peakRssBytes', megabytes),
    ...(all.length === 0
      ? {}
      : {
          'growth-time.svg': growth('Time until synced, by number of pods', seconds, ({ ms }) => ms),
          'growth-memory.svg': growth(
            'Peak resident memory, by number of pods',
            megabytes,
            ({ peakBytes }) => peakBytes,
          ),
        }),
  }
}

const GROWTH_COLOURS: readonly Colour[] = ['own', 'own2', 'other', 'other2']

function peersPlot(compare: CompareResult, title: string, figure: string, write: (value: number) => string): string {
  const bars = PEER_ROWS.flatMap(({ label, peer, rest }) => {
    const value = new Measured(compare, `${peer} A ${rest}`).median(figure)
    return value === undefined ? [] : [{ label, value, colour: colourOf(peer) }]
  })
  return barChart({ title, bars, write })
}

function serverPlot({ samples, clients }: ServerResult): string {
  const bars = Object.entries(samples).flatMap(([server, found]) =>
    Object.entries(found).map(([client, rounds]) => ({
      label: `${server}: ${client.replace(/ list$/, '')}`,
      value: median(rounds.map(({ peakBytes }) => peakBytes)),
      colour: colourOf(client.split(' ')[0]!),
    })),
  )
  return barChart({ title: `Peak memory of kube-apiserver while ${clients} clients list`, bars, write: megabytes })
}

function colourOf(peer: string): Colour {
  return peer === 'kubeflume' ? 'own' : peer === 'nowhere' || peer === 'curl' ? 'other2' : 'other'
}
