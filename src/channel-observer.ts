import { type Channel, channel } from 'node:diagnostics_channel'
import type { Observer } from './api/observer.ts'

const LIST = channel('kubeflume:list')
const PAGE = channel('kubeflume:page')
const RELIST = channel('kubeflume:relist')
const WATCH_END = channel('kubeflume:watch-end')
const QUARANTINED = channel('kubeflume:quarantined')
const BACKOFF = channel('kubeflume:backoff')
const HANDLED = channel('kubeflume:handled')

/**
 * Publishes what every informer of the process does to `node:diagnostics_channel`: each method of
 * {@link Observer} as a channel, its event as the message. A method is there only while its channel has
 * subscribers. What a subscriber throws is an uncaught exception: that is Node's rule for channels.
 */
export const channelObserver: Observer = {
  get list() {
    return publisherOf(LIST)
  },
  get page() {
    return publisherOf(PAGE)
  },
  get relist() {
    return publisherOf(RELIST)
  },
  get watchEnd() {
    return publisherOf(WATCH_END)
  },
  get quarantined() {
    return publisherOf(QUARANTINED)
  },
  get backoff() {
    return publisherOf(BACKOFF)
  },
  get handled() {
    return publisherOf(HANDLED)
  },
}

function publisherOf(to: Channel): ((event: object) => void) | undefined {
  return to.hasSubscribers ? (event) => to.publish(event) : undefined
}
