import { median } from '../measure.ts'
import type { Row } from './rows.ts'
import type { Samples } from './samples.ts'
import { worstStalls } from './stalls.ts'

const STALLS_SHOWN = 8

/** The table that is asked for: what, at most, measured, met. */
export function printRows(rows: readonly Row[]): void {
  console.table(
    rows.map(({ what, atMost, unit, values }) => ({
      what,
      'at most': atMost === undefined ? '' : `${atMost} ${unit}`,
      measured: values.length === 0 ? 'not measured' : `${digits(median(values))} ${unit}`,
      spread: values.length === 0 ? '' : `${digits(Math.min(...values))} – ${digits(Math.max(...values))}`,
      met: atMost === undefined || values.length === 0 ? '' : median(values) <= atMost ? 'yes' : 'NO',
    })),
  )
}

/** The figures behind it, as medians; and what failed. */
export function printScenarios({ outcomes }: Samples): void {
  const table: Record<string, object> = {}
  for (const [scenario, rounds] of Object.entries(outcomes)) {
    const failed = rounds.flatMap((outcome) => ('error' in outcome ? [outcome.error] : []))
    for (const error of new Set(failed)) console.log(`${scenario} failed ${failed.length} times: ${error}`)
    const figures = rounds.flatMap((outcome) => ('error' in outcome ? [] : [outcome.figures]))
    const cell = (name: string, divisor = 1): string => {
      const values = figures.map((sample) => sample[name]).filter((value) => value !== undefined)
      return values.length === 0 ? '' : digits(median(values) / divisor)
    }
    table[scenario] = {
      'first ms': cell('firstObjectMs'),
      'synced ms': cell('syncedMs'),
      'told ms': cell('toldMs'),
      'decoded ms': cell('decodedMs'),
      'CPU ms': cell('cpuMs'),
      'peak MB': cell('peakRssBytes', 1e6),
      'kept MB': cell('keptBytes', 1e6) || cell('heapBytes', 1e6),
      'MB/s': cell('megabytesPerSecond'),
      'relist ms': cell('relistMs'),
      'events/s': eventRate(figures),
    }
  }
  console.table(table)
}

export function printStalls(samples: Samples): void {
  console.table(
    worstStalls(samples, STALLS_SHOWN).map(({ scenario, phase, pauses }) => ({
      scenario,
      phase,
      'stall ms': digits(pauses.longestStallMs),
      'computed ms': digits(pauses.longestComputingMs ?? Number.NaN),
      '99 % ms': digits(pauses.stall99Ms),
      'longest collection': `${digits(pauses.longestCollectionMs)} ms ${pauses.longestCollection ?? ''}`,
    })),
  )
}

function eventRate(figures: readonly { readonly [name: string]: number }[]): string {
  const rates = figures.flatMap(({ eventsMs, events }) => (eventsMs && events ? [(events / eventsMs) * 1000] : []))
  return rates.length === 0 ? '' : Math.round(median(rates)).toLocaleString('en')
}

/** Three that count, no more. */
function digits(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(value < 0.1 ? 3 : 2)
}
