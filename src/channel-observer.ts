import { channel } from 'node:diagnostics_channel'
import type { AnswerCensus, Census } from './api/census.ts'
import { CENSUS_CHANNEL, CHANNELS } from './api/channels.ts'
import type { Observer } from './api/observer.ts'
import type { RequestObserver } from './api/request-observer.ts'
import type { ControllerObserver } from './controller/controller-observer.ts'

/**
 * Publish what every informer, controller and transport of the process does to `node:diagnostics_channel`: each
 * method of an observer as a channel, its event as the message. A method is there only while its channel has
 * subscribers. What a subscriber throws is an uncaught exception: that is Node's rule for channels.
 */
export const channelObserver: Observer = publisher<Observer>(CHANNELS.informer)
export const channelControllerObserver: ControllerObserver = publisher<ControllerObserver>(CHANNELS.controller)
export const channelRequestObserver: RequestObserver = publisher<RequestObserver>(CHANNELS.transport)

/** Answers whoever publishes a {@link Census}. */
export const answerCensus: AnswerCensus = (answer) => {
  const asked = channel(CENSUS_CHANNEL)
  const listener = (census: unknown): void => answer(census as Census)
  asked.subscribe(listener)
  return {
    [Symbol.dispose]() {
      asked.unsubscribe(listener)
    },
  }
}

function publisher<O extends object>(channels: { readonly [method in keyof Required<O>]: string }): O {
  const getters = Object.entries<string>(channels).map(([method, name]) => {
    const to = channel(name)
    const publish = (event: object): void => to.publish(event)
    return [method, { get: () => (to.hasSubscribers ? publish : undefined) }]
  })
  return Object.create(null, Object.fromEntries(getters) as PropertyDescriptorMap) as O
}
