import { parseArgs } from 'node:util'

/** What every peer in Node is asked to do. */
export interface PeerArguments {
  readonly url: string
  /** As it stands in a path. */
  readonly resource: string
  readonly encoding: string
  /** What is measured after the sync, in this order: decode, memory, relist, events, read-events, get. */
  readonly steps: readonly string[]
  readonly settleMs: number
  /** The resourceVersion of the changed list. */
  readonly relistVersion: string
  /** How many events the server sends. */
  readonly events: number
  readonly profile: boolean
  /** Another build or checkout of kubeflume than these sources. */
  readonly module: string | undefined
  readonly retain: string
  readonly sync: string
}

export function peerArguments(): PeerArguments {
  const { values } = parseArgs({
    options: {
      url: { type: 'string', default: '' },
      resource: { type: 'string', default: 'pods' },
      encoding: { type: 'string', default: 'protobuf' },
      steps: { type: 'string', default: '' },
      settle: { type: 'string', default: '1000' },
      'relist-version': { type: 'string', default: '' },
      events: { type: 'string', default: '0' },
      profile: { type: 'boolean', default: false },
      module: { type: 'string' },
      retain: { type: 'string', default: 'wire' },
      sync: { type: 'string', default: 'auto' },
    },
  })
  const { steps, settle, 'relist-version': relistVersion, events, module, ...more } = values
  const numbers = { settleMs: Number(settle), events: Number(events) }
  return { ...more, ...numbers, steps: steps.split(','), relistVersion, module }
}
