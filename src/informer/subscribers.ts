import type { AnswerCensus, Census } from '../api/census.ts'
import type { Change } from '../store/change.ts'
import type { Delta, DeltaHandler, Handlers } from './delta.ts'
import { DeltaIterator } from './delta-iterator.ts'
import { Subscriber, type SubscriberHost } from './subscriber.ts'
import type { SubscribeOptions, Subscription } from './subscription.ts'

export interface SubscribersOptions<T> extends Omit<SubscriberHost<T>, 'onEnd'> {
  /** Whether what they subscribe to runs. */
  readonly isRunning: () => boolean
  readonly answerCensus?: AnswerCensus | undefined
}

/** Everyone who hears what changes: as handlers, or as iterations. */
export class Subscribers<T> {
  readonly #options: SubscribersOptions<T>
  readonly #all = new Set<Subscriber<T>>()
  #answering: Disposable | undefined

  constructor(options: SubscribersOptions<T>) {
    this.#options = options
  }

  subscribe(handler: Handlers<T> | DeltaHandler<T>, options: SubscribeOptions<T> = {}): Subscription {
    return this.#add(handler, options, () => {})
  }

  events(options: SubscribeOptions<T> = {}): AsyncIterableIterator<Delta<T>> {
    const iterator = new DeltaIterator<T>(() => subscription.unsubscribe())
    const subscription = this.#add(
      (delta: Delta<T>) => iterator.offer(delta),
      options,
      () => iterator.end(),
    )
    return iterator
  }

  push(changes: readonly Change<T>[]): void {
    for (const subscriber of this.#all) subscriber.push(changes)
  }

  /** What they subscribe to has begun to run, or they have come to what runs already: then they hear of what is there. */
  started(): void {
    for (const subscriber of this.#all) {
      subscriber.tellStore()
      subscriber.startResync()
    }
    this.#beginAnswering()
  }

  end(): void {
    for (const subscriber of this.#all) subscriber.unsubscribe()
    this.#answering?.[Symbol.dispose]()
    this.#answering = undefined
  }

  /** While it runs, and not before: who answers is held by the process. */
  #beginAnswering(): void {
    this.#answering ??= this.#options.answerCensus?.((census) => this.#answer(census))
  }

  #answer({ subscription }: Census): void {
    const { resource } = this.#options
    for (const { pending } of this.#all) subscription?.({ resource, pending })
  }

  #add(handler: Handlers<T> | DeltaHandler<T>, options: SubscribeOptions<T>, onEnd: () => void): Subscriber<T> {
    const end = (): void => {
      this.#all.delete(subscriber)
      onEnd()
    }
    const subscriber: Subscriber<T> = new Subscriber<T>({ ...this.#options, onEnd: end }, handler, options)
    this.#all.add(subscriber)
    if (this.#options.isRunning()) {
      subscriber.startResync()
      this.#beginAnswering()
    }
    subscriber.follow(options.signal)
    return subscriber
  }
}
