import { describe, expect, test } from 'vitest'
import type { ListObservation, Observer } from '../api/observer.ts'
import { createRig, followingRig, label, type Rig, webPods } from './informer.test-support.ts'

const COUNT = 2000
/** Two reads of a socket. */
const CHUNKS = 2 * 65_536

/** Everything that an observer hears of requests, as text. */
function recorder(): { readonly observer: Observer; readonly heard: string[] } {
  const heard: string[] = []
  const observer: Observer = {
    list: ({ reason, strategy, items, error }) =>
      void heard.push(`list ${strategy} ${items} (${reason}) ${error?.code ?? 'ok'}`),
    page: ({ page, items, resourceVersion }) => void heard.push(`page ${page} ${items} of ${resourceVersion}`),
    relist: ({ reason, resourceVersion }) => void heard.push(`relist ${resourceVersion} (${reason})`),
    watchEnd: ({ reason, events, error }) => void heard.push(`watch end ${events} (${error?.code ?? reason})`),
    backoff: ({ delayMs, after }) => void heard.push(`backoff ${delayMs} (${after.slice(0, 30)})`),
  }
  return { observer, heard }
}

/** A list of 2,000 pods that is cut after a part of its bytes, and what it cost in the end. */
async function cutAt(part: number, total: number): Promise<{ readonly rig: Rig; readonly lists: ListObservation[] }> {
  const lists: ListObservation[] = []
  const names = Array.from({ length: COUNT }, (_, index) => `p${String(index).padStart(4, '0')}`)
  const rig = await createRig({
    objects: webPods(...names),
    observer: { list: (event) => void lists.push(event) },
    before: ({ faults }) => {
      if (part < 1) faults.cutList({ afterBytes: Math.round(total * part) })
    },
  })
  if (part < 1) {
    await rig.requested(part < 0.1 ? 1 : 2) // the watch beside what is resumed
    await rig.passWait()
  }
  await rig.following()
  return { rig, lists }
}

describe('an observer', () => {
  test('hears of lists, pages, ends of watches, relists and waits', async () => {
    const { observer, heard } = recorder()
    const rig = await followingRig({ objects: webPods('a'), observer })
    label(rig.server, 'web/a', '1')
    await rig.until(() => rig.informer.store.resourceVersion === '3')
    await rig.clock.advance(2000)
    rig.server.faults.dropWatches()
    await rig.requested(1)
    await rig.following()
    rig.server.faults.sendWatchError({ code: 410, reason: 'Expired' })
    await rig.passWait()
    await rig.following()
    expect(heard).toEqual([
      'page 1 1 of 2',
      'list stream 1 (first list) ok',
      'watch end 1 (ended by the server)',
      'watch end 0 (ERR_RESOURCE_EXPIRED)',
      'backoff 400 (410 Expired: Expired)',
      'relist 3 (the watch expired)',
      'page 1 1 of 3',
      'list stream 1 (the watch expired) ok',
    ])
  })

  test('hears how a list failed', async () => {
    const { observer, heard } = recorder()
    const rig = await createRig({
      objects: webPods('a'),
      observer,
      before: ({ faults }) => faults.answer({ verb: 'list', status: 503 }),
    })
    await rig.passWait()
    await rig.following()
    expect(heard.slice(0, 2)).toEqual([
      'list stream 0 (first list) ERR_UNAVAILABLE',
      'backoff 400 (GET /api/v1/pods: 503 Service )',
    ])
  })

  test.each([0.01, 0.5, 0.99])('hears what was read again, after a body was cut at %f', async (part) => {
    const whole = await cutAt(1, 0)
    const { bytes: total, bytesReadAgain: none } = whole.lists[0]!
    expect(none).toBe(0)
    const { rig, lists } = await cutAt(part, total)
    const { bytesReadAgain, error, items } = lists.at(-1)!
    expect([error, items, rig.informer.store.size]).toEqual([undefined, COUNT, COUNT])
    expect(bytesReadAgain).toBeGreaterThan(0)
    // what was thrown away, or what came with the token
    expect(bytesReadAgain).toBeLessThanOrEqual(part < 0.1 ? total * part : CHUNKS)
  })
})
