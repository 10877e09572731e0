import { subscribe, unsubscribe } from 'node:diagnostics_channel'

/** What a history has to meet, in some of them, for the check to mean anything. */
export const SITUATIONS = [
  'objects written',
  'histories compacted',
  'lists cut',
  'lists cut and resumed',
  'servers restarted',
  'watches lost',
  'watches expired (410)',
  'answers of a stale replica (504)',
  'stale replicas behind X in an exact list (504)',
  'pages expired (410 behind the first page)',
  'storages restored',
  'selectors or namespaces changed',
  'watch-lists with MODIFIED before the bookmark',
  'watch-lists with DELETED before the bookmark',
  'several namespaces in one store',
  'error answers (4xx)',
  'error answers (5xx)',
] as const

export type Situation = (typeof SITUATIONS)[number]

/** A request of the library's HTTP client, as it publishes it. */
interface Sent {
  readonly request: { readonly path: string }
}

/** A watch-list on its way. */
interface WatchList {
  readonly seen: Set<Situation>
  /** The end of what has come: a mark may have begun there. */
  tail: string
  isOver: boolean
}

const END_MARK = 'k8s.io/initial-events-end'
const MARKS: readonly (readonly [mark: string, situation: Situation])[] = [
  ['MODIFIED', 'watch-lists with MODIFIED before the bookmark'],
  ['DELETED', 'watch-lists with DELETED before the bookmark'],
]

/** Counts how often a situation has come about: seen on the wire, where it is one of requests, not ordered. */
export class Sightings implements Disposable {
  readonly counts: Map<Situation, number> = new Map()
  readonly #watchLists = new WeakMap<object, WatchList>()
  readonly #begun = new WeakSet<object>()

  constructor() {
    for (const [channel, listen] of this.#channels) subscribe(channel, listen)
  }

  saw(situation: Situation, times = 1): void {
    this.counts.set(situation, (this.counts.get(situation) ?? 0) + times)
  }

  [Symbol.dispose](): void {
    for (const [channel, listen] of this.#channels) unsubscribe(channel, listen)
  }

  readonly #channels: readonly (readonly [string, (message: unknown) => void])[] = [
    ['undici:request:headers', (message) => this.#answered(message as Sent & { response: { statusCode: number } })],
    ['undici:request:bodyChunkReceived', (message) => this.#received(message as Sent & { chunk: Uint8Array })],
    ['undici:request:error', (message) => this.#failed(message as Sent)],
  ]

  #answered({
    request,
    response: { statusCode },
  }: Sent & { readonly response: { readonly statusCode: number } }): void {
    const query = queryOf(request)
    const isExact = query.get('resourceVersionMatch') === 'Exact'
    if (statusCode === 200 && query.has('sendInitialEvents'))
      this.#watchLists.set(request, { seen: new Set(), tail: '', isOver: false })
    if (statusCode === 200 && isExact && query.has('limit')) this.saw('lists cut and resumed')
    if (statusCode >= 400) this.saw(statusCode < 500 ? 'error answers (4xx)' : 'error answers (5xx)')
    if (statusCode === 410 && query.has('continue')) this.saw('pages expired (410 behind the first page)')
    if (statusCode === 504 && !query.has('watch'))
      this.saw(isExact ? 'stale replicas behind X in an exact list (504)' : 'answers of a stale replica (504)')
  }

  #received({ request, chunk }: Sent & { readonly chunk: Uint8Array }): void {
    this.#begun.add(request)
    if (!queryOf(request).has('watch')) return
    const text = Buffer.from(chunk).toString('latin1')
    if (text.includes('Expired')) this.saw('watches expired (410)')
    const watchList = this.#watchLists.get(request)
    if (watchList?.isOver === false) this.#receivedState(watchList, watchList.tail + text)
  }

  #receivedState(watchList: WatchList, text: string): void {
    const end = text.indexOf(END_MARK)
    watchList.isOver = end !== -1
    watchList.tail = text.slice(-END_MARK.length)
    const before = watchList.isOver ? text.slice(0, end) : text
    for (const [mark, situation] of MARKS) {
      if (watchList.seen.has(situation) || !before.includes(mark)) continue
      watchList.seen.add(situation)
      this.saw(situation)
    }
  }

  #failed({ request }: Sent): void {
    if (queryOf(request).has('watch')) this.saw('watches lost')
    else if (this.#begun.has(request)) this.saw('lists cut')
  }
}

function queryOf({ path }: Sent['request']): URLSearchParams {
  return new URL(path, 'http://server').searchParams
}
