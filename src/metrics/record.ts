import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { CHANNELS } from '../api/channels.ts'
import { callGuarded } from '../internal/call-guarded.ts'
import { controllerRecorder } from './controller-metrics.ts'
import type { Sink } from './instrument.ts'
import { reflectorRecorder } from './reflector-metrics.ts'
import { requestRecorder } from './request-metrics.ts'
import { subscriptionRecorder } from './subscription-metrics.ts'

type Hear = (event: never) => void

/** Has a sink told what all informers, controllers and writers of this process do, until it is disposed. */
export function record(sink: Sink): Disposable {
  const listening: Disposable[] = []
  const hearAll = (channels: { readonly [method: string]: string }, observer: object): void => {
    for (const [method, hear] of Object.entries(observer) as [string, Hear][])
      listening.push(listenTo(channels[method]!, hear))
  }
  hearAll(CHANNELS.informer, reflectorRecorder(sink))
  hearAll(CHANNELS.informer, subscriptionRecorder(sink))
  hearAll(CHANNELS.controller, controllerRecorder(sink))
  hearAll(CHANNELS.transport, requestRecorder(sink))
  return {
    [Symbol.dispose]() {
      for (const one of listening) one[Symbol.dispose]()
    },
  }
}

/** What a listener throws would end the process: a value that a sink does not take is not worth that. */
function listenTo(channel: string, hear: Hear): Disposable {
  const warn = (error: unknown): void => process.emitWarning(error instanceof Error ? error : String(error))
  const listener = (event: unknown): void => callGuarded(() => hear(event as never), warn)
  subscribe(channel, listener)
  return {
    [Symbol.dispose]() {
      unsubscribe(channel, listener)
    },
  }
}
