import type { PodCorpus } from '../corpora/corpus-spec.ts'
import type { Encoding } from '../corpora/frames.ts'
import { combine, ratio, type Samples } from './samples.ts'
import type { Scenario, Step } from './scenario.ts'
import { stalls } from './stalls.ts'

/** A line of the table: a figure in each round, and what it may be at most. */
export interface Row {
  readonly what: string
  /** Absent where nothing is asked: the line says how the others are to be understood. */
  readonly atMost?: number
  readonly unit: 'x' | 'ms' | 'µs' | 'MB'
  readonly values: readonly number[]
}

const MEGABYTE = 1e6
const CORPUS = { A: '20,000 pods', B: '100,000 pods', C: '1,000,000 pods', D: '150,000 pods' } as const
const PEAK = 'peakRssBytes'

/** Everything that the store and the reflector must reach, each ratio within one round. */
export function rows(samples: Samples, isFull: boolean): Row[] {
  const sizes: readonly PodCorpus[] = isFull ? ['B', 'A'] : ['A']
  return [
    ...sizes.flatMap((corpus) => [
      ...syncRows(samples, corpus, 'protobuf', { time: 0.25, peak: 0.35 }),
      ...syncRows(samples, corpus, 'json', { time: 0.35, peak: 0.4 }),
    ]),
    ...keptRows(samples),
    ...(isFull ? millionRows(samples) : []),
    ...sizes.map((corpus) => decodeRow(samples, corpus)),
    ...relistRows(samples, isFull),
    ...stallRows(samples),
    ...eventRows(samples),
    { what: 'get of a hot key', atMost: 1, unit: 'µs', values: found(samples.of(ours('get'), 'getHotUs')) },
    { what: 'get of a cold key', atMost: 60, unit: 'µs', values: found(samples.of(ours('get'), 'getColdUs')) },
  ]
}

function ours(step: Step, more: Partial<Scenario> = {}): Scenario {
  return { peer: 'kubeflume', corpus: 'A', encoding: 'protobuf', retain: 'wire', steps: [step], ...more }
}

/** client-go's LIST, what it has decoded being kept. */
function theirs(corpus: PodCorpus, encoding: Encoding = 'protobuf'): Scenario {
  return {
    peer: 'client-go',
    corpus,
    encoding,
    steps: corpus === 'A' ? ['decode', 'memory', 'get'] : ['decode', 'memory'],
  }
}

/** What is asked is asked of 100,000 pods; with 20,000 the same is only shown. */
function syncRows(
  samples: Samples,
  corpus: PodCorpus,
  encoding: Encoding,
  asked: { readonly time: number; readonly peak: number },
): Row[] {
  const mine = ours('memory', { corpus, encoding })
  const what = `${CORPUS[corpus]} synced, ${encoding}`
  const line = (name: string, figure: string, other: Scenario, atMost?: number, own: Scenario = mine): Row => ({
    what: `${what}: ${name}`,
    unit: 'x',
    values: combine(samples.of(own, figure), samples.of(other, figure), ratio),
    ...(atMost === undefined || corpus !== 'B' ? {} : { atMost }),
  })
  const watchList: Scenario = { peer: 'client-go', corpus, encoding, variant: 'watch-list', steps: ['memory'] }
  const oursByWatchList: Scenario = { ...watchList, peer: 'kubeflume' }
  return [
    line("time / client-go's", 'syncedMs', theirs(corpus, encoding), asked.time),
    line("CPU time / client-go's", 'cpuMs', theirs(corpus, encoding)),
    line("peak RSS / client-go's", PEAK, theirs(corpus, encoding), asked.peak),
    ...(encoding === 'json'
      ? []
      : [
          line("time / client-go's by watch-list", 'syncedMs', watchList),
          line("peak RSS / client-go's by watch-list", PEAK, watchList),
          line("both by watch-list: time / client-go's", 'syncedMs', watchList, undefined, oursByWatchList),
        ]),
    line('time / read and drop it', 'syncedMs', { peer: 'nowhere', corpus, encoding }),
  ]
}

function keptRows(samples: Samples): Row[] {
  const line = (what: string, retain: 'wire' | 'compressed', how: 'all' | 'grown', atMost?: number): Row => {
    const kept = (scenario: Scenario, after: string, before: string): readonly (number | undefined)[] =>
      how === 'all'
        ? samples.of(scenario, after)
        : combine(samples.of(scenario, after), samples.of(scenario, before), (a, b) => a - b)
    const mine = kept(ours('memory', { retain }), 'keptBytes', 'beforeBytes')
    const other = kept(theirs('A'), 'heapBytes', 'beforeHeapBytes')
    return { what, unit: 'x', values: combine(mine, other, ratio), ...(atMost === undefined ? {} : { atMost }) }
  }
  const stripped: Scenario = {
    peer: 'client-go',
    corpus: 'A',
    encoding: 'protobuf',
    variant: 'stripped',
    steps: ['memory'],
  }
  return [
    line("20,000 pods, memory that stays / client-go's heap", 'wire', 'all', 0.25),
    line('… without what both have before they start', 'wire', 'grown'),
    {
      what: "… / client-go's heap with a transform that drops managedFields",
      unit: 'x',
      values: combine(samples.of(ours('memory'), 'keptBytes'), samples.of(stripped, 'heapBytes'), ratio),
    },
    line("… compressed, 5 s after the sync / client-go's heap", 'compressed', 'all', 0.08),
    line('… compressed, without what both have before they start', 'compressed', 'grown'),
  ]
}

function millionRows(samples: Samples): Row[] {
  const million = ours('memory', { corpus: 'C', retain: 'compressed' })
  const tenth = ours('memory', { corpus: 'B', retain: 'compressed' })
  const perPod = (a: number, b: number): number => a / 10 / b
  return [
    {
      what: '1,000,000 pods synced, compressed: peak RSS in all',
      atMost: 1500,
      unit: 'MB',
      values: found(samples.of(million, PEAK)).map((bytes) => bytes / MEGABYTE),
    },
    {
      what: '… time per pod / that of 100,000',
      atMost: 1.3,
      unit: 'x',
      values: combine(samples.of(million, 'syncedMs'), samples.of(tenth, 'syncedMs'), perPod),
    },
  ]
}

function decodeRow(samples: Samples, corpus: PodCorpus): Row {
  const mine = samples.of(ours('decode', { corpus }), 'decodedMs')
  return {
    what: `${CORPUS[corpus]} synced, every object decoded once / client-go's`,
    atMost: 1,
    unit: 'x',
    values: combine(mine, samples.of(theirs(corpus), 'decodedMs'), ratio),
  }
}

function relistRows(samples: Samples, isFull: boolean): Row[] {
  const line = (what: string, scenario: Scenario, atMost?: number): Row => {
    const steady = samples.of(scenario, 'relistSteadyRssBytes')
    const values = combine(samples.of(scenario, 'relistPeakRssBytes'), steady, ratio)
    return { what: `relist with 1 % changed, peak / steady: ${what}`, unit: 'x', values, ...(atMost ? { atMost } : {}) }
  }
  return [
    line('20,000 pods', ours('relist'), 1.15),
    line('20,000 pods, compressed', ours('relist', { retain: 'compressed' }), 1.15),
    ...(isFull ? [line('100,000 pods', ours('relist', { corpus: 'B' }), 1.15)] : []),
    line('client-go, 20,000 pods', { peer: 'client-go', corpus: 'A', encoding: 'protobuf', steps: ['relist'] }),
  ]
}

function stallRows(samples: Samples): Row[] {
  const [clock, computing] = [stalls(samples, 'longestStallMs'), stalls(samples, 'longestComputingMs')]
  return [
    { what: 'longest event-loop stall during any of these', atMost: 20, unit: 'ms', values: clock },
    { what: '… of which the thread computed', unit: 'ms', values: computing },
  ]
}

function eventRows(samples: Samples): Row[] {
  const other = samples.of({ peer: 'client-go', corpus: 'A', encoding: 'protobuf', steps: ['events'] }, 'eventsMs')
  const line = (what: string, scenario: Scenario, atMost?: number): Row => {
    const values = combine(samples.of(scenario, 'eventsMs'), other, ratio)
    return {
      what: `200,000 watch events applied${what} / client-go's`,
      unit: 'x',
      values,
      ...(atMost ? { atMost } : {}),
    }
  }
  return [
    line(' and told', ours('events'), 1),
    line(' and told, compressed', ours('events', { retain: 'compressed' })),
    line(', told and each object read', ours('read-events')),
  ]
}

function found(values: readonly (number | undefined)[]): number[] {
  return values.filter((value) => value !== undefined)
}
