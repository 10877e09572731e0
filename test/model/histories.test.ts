import { afterEach, describe, expect, test, vi } from 'vitest'
import { drawHistory, type History, type Outcome, runHistory, shrink } from './history.ts'
import { Random } from './random.ts'
import { SITUATIONS, type Situation } from './sightings.ts'

/*
 * What it finds is known from mistakes that were made on purpose, one at a time. Within 10 histories: a relist that
 * drops nothing, a version that does not follow the events. Within 300: objects taken for unchanged by uid and
 * version over a restored storage, events applied while a list is open.
 */

/** How many; the first seed, to run another part of them, or the one that failed. */
const { KUBEFLUME_HISTORIES = '200', KUBEFLUME_SEED = '1' } = process.env
const COUNT = Number(KUBEFLUME_HISTORIES)
const FIRST = Number(KUBEFLUME_SEED)
const BATCH = 50
/** In so many histories each situation comes about by far. */
const MANY = 2000

const seen = new Map<Situation, number>()

afterEach(() => void vi.restoreAllMocks())

/** The same waits and the same slices for the same seed. */
async function run(history: History): Promise<Outcome> {
  const random = new Random(history.seed + 2)
  const { sliceMs } = history.setup
  vi.spyOn(Math, 'random').mockImplementation(() => random.next())
  if (sliceMs > 0) {
    let now = 0
    vi.spyOn(performance, 'now').mockImplementation(() => (now += sliceMs))
  }
  try {
    return await runHistory(history)
  } finally {
    vi.restoreAllMocks()
  }
}

async function explain(history: History, outcome: Outcome): Promise<string> {
  const least = await shrink(history, run)
  const again = await run(least)
  const { violations, log } = again.violations.length > 0 ? again : outcome
  const { seed, setup } = history
  return [
    `KUBEFLUME_SEED=${seed} KUBEFLUME_HISTORIES=1 shows it again: ${JSON.stringify(setup)}`,
    ...log.map((line) => `  ${line}`),
    ...violations,
  ].join('\n')
}

describe('an informer, after any history of its server and its callers', () => {
  test.each(Array.from({ length: Math.ceil(COUNT / BATCH) }, (_, batch) => FIRST + batch * BATCH))(
    'is as its server, and has told how it came so: 50 histories from %i',
    { timeout: 600_000 },
    async (first) => {
      for (let seed = first; seed < Math.min(first + BATCH, FIRST + COUNT); seed++) {
        const history = drawHistory(seed)
        const outcome = await run(history)
        for (const [situation, times] of outcome.seen) seen.set(situation, (seen.get(situation) ?? 0) + times)
        if (outcome.violations.length > 0) expect.fail(await explain(history, outcome))
      }
    },
  )

  if (COUNT >= MANY)
    test('has met every situation that there is', () => {
      for (const situation of SITUATIONS) console.log(`${situation}: ${seen.get(situation) ?? 0}`)
      expect(SITUATIONS.filter((situation) => !seen.has(situation))).toEqual([])
    })
})
