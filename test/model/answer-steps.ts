import type { Faults } from '../../src/testing/faults/faults.ts'
import type { Random } from './random.ts'
import type { Setup } from './setup.ts'
import type { Step } from './step.ts'

const STATUSES = [400, 401, 403, 404, 410, 422, 429, 500, 503, 504] as const
const TOO_LARGE = { reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }

/** What is wrong with the next answers. */
export const ANSWER_STEPS: readonly Step[] = [
  fault('answer an error', 6, (faults, random) =>
    faults.answer({
      status: random.pick(STATUSES),
      verb: random.pick([undefined, 'list', 'watch']),
      times: 1 + random.below(3),
      retryAfter: random.pick([undefined, undefined, 1, 20]),
    }),
  ),
  fault('answer too large', 1, (faults, random) =>
    faults.answer({
      status: 504,
      reason: 'Timeout',
      message: TOO_LARGE.message,
      causes: [TOO_LARGE],
      retryAfter: 1,
      times: 1 + random.below(3),
    }),
  ),
  fault('answer a web page', 1, (faults) =>
    faults.answer({ status: 200, body: '<html>a proxy</html>', contentType: 'text/html' }),
  ),
  fault('reject connections', 2, (faults, random) => faults.rejectConnections({ times: 1 + random.below(3) })),
  fault('cut lists', 5, (faults, random, setup) => {
    const by = random.pick(['close', 'reset', 'end'] as const)
    const place = random.chance(0.5) ? { afterItems: drawItems(random, setup) } : { afterBytes: random.below(3000) }
    faults.cutList({ ...place, by, times: 1 + random.below(2) })
  }),
  fault('stall a list', 1, (faults, random, setup) => faults.stallList({ afterItems: drawItems(random, setup) })),
  fault('append a Status', 2, (faults, random, setup) =>
    faults.appendStatusAfterItems({ afterItems: drawItems(random, setup) }),
  ),
  fault('garble a list', 2, (faults, random, setup) => faults.garbleList({ afterItems: drawItems(random, setup) })),
  fault('repeat a token', 1, (faults, random) => faults.repeatContinueToken({ times: 1 + random.below(2) })),
  fault('omit the version', 1, (faults) => faults.omitResourceVersion()),
  fault('close watches at once', 2, (faults, random) => faults.closeWatchesAtOnce({ times: 1 + random.below(4) })),
  fault('stall watches', 1, (faults, random) => faults.stallWatches(random.chance(0.5) ? {} : { times: 1 })),
  fault('refuse watch-lists', 1, (faults, random) => faults.refuseWatchLists({ times: 1 + random.below(2) })),
  fault('withhold the end bookmark', 2, (faults) => faults.withholdInitialEventsEnd()),
  fault('send a watch error', 3, (faults, random) => faults.sendWatchError(random.pick(WATCH_ERRORS))),
  {
    name: 'send garbage to watches',
    weight: 1,
    run: ({ server, setup }, random) => {
      if (setup.options.encoding !== 'json') return 'nothing'
      const text = random.pick(['garbage\n', '{"type":', '{"type":"ADDED","object":{}}\n', '{"type":"BOOKMARK"}\n'])
      server.faults.sendToWatches(text)
      return `send ${JSON.stringify(text)} to watches`
    },
  },
]

const WATCH_ERRORS: readonly Parameters<Faults['sendWatchError']>[0][] = [
  { code: 410, reason: 'Expired', message: 'too old resource version' },
  { code: 500, reason: 'InternalError' },
  { code: 504, reason: 'Timeout', causes: [TOO_LARGE], retryAfterSeconds: 1 },
  { code: 429, reason: 'TooManyRequests', retryAfterSeconds: 2 },
  { code: 500, reason: 'StorageReadError' },
]

/** Where there are pages, mostly beyond the first one. */
function drawItems(random: Random, { ballast }: Setup): number {
  return random.chance(ballast > 0 ? 0.2 : 0.9) ? random.below(4) : random.below(1100)
}

function fault(name: string, weight: number, order: (faults: Faults, random: Random, setup: Setup) => void): Step {
  return {
    name,
    weight,
    run: ({ server, setup }, random) => {
      order(server.faults, random, setup)
      return name
    },
  }
}
