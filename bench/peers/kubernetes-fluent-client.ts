// Measures the Watcher of kubernetes-fluent-client against a replay server, and prints a line of JSON. It is installed
// beside the bodies that are replayed, not with this repository: `FLUENT_CLIENT` says where.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ProbedInformer } from './informer-probe.ts'
import { measureInformer } from './measure-informer.ts'
import { peerArguments } from './peer-arguments.ts'

interface Watcher {
  readonly events: { on(name: string, listener: (value: unknown) => void): void }
  start(): Promise<unknown>
}

interface FluentClient {
  readonly K8s: (model: unknown) => { Watch(hear: (object: WatchedPod) => void): Watcher }
  readonly kind: { readonly Pod: unknown }
  readonly WatchEvent: { readonly [name: string]: string }
}

interface WatchedPod {
  readonly metadata: { readonly resourceVersion: string }
  readonly spec?: { readonly containers: readonly unknown[] }
}

/** Not a dependency of this repository. */
const PACKAGE = 'kubernetes-fluent-client'

const args = peerArguments()
const { K8s, kind, WatchEvent } = await load(args.url)
let hear: (delta: { readonly object: WatchedPod }) => void = () => {}
let size = 0
let version: string | undefined
const watcher = K8s(kind.Pod).Watch((object) => hear({ object }))
const synced = Promise.withResolvers<void>()
watcher.events.on(WatchEvent['LIST']!, (list) => {
  const { items, metadata } = list as { readonly items: readonly unknown[]; readonly metadata: WatchedPod['metadata'] }
  size = items.length
  version = metadata.resourceVersion
})
// it does not say when it is synced; its watch is opened after the list
watcher.events.on(WatchEvent['CONNECT']!, () => synced.resolve())
watcher.events.on(WatchEvent['LIST_ERROR']!, (error) => synced.reject(error))

await measureInformer(
  {
    subscribe: (listener) => {
      hear = listener
    },
    start: () => void watcher.start(),
    synced: () => synced.promise,
    store: {
      get size() {
        return size
      },
      get resourceVersion() {
        return version
      },
      // what it keeps is its own
      iterate: () => [],
      keys: () => [],
      get: () => undefined,
    },
  } satisfies ProbedInformer,
  args,
)

/** Its configuration can only come from a file. */
async function load(server: string): Promise<FluentClient> {
  const folder = mkdtempSync(join(tmpdir(), 'kubeflume-bench-'))
  const file = join(folder, 'config.json')
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'replay', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'nobody', user: { token: 'nothing' } }],
    contexts: [{ name: 'replay', context: { cluster: 'replay', user: 'nobody' } }],
    'current-context': 'replay',
  }
  writeFileSync(file, JSON.stringify(config))
  process.env['KUBECONFIG'] = file
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const require = createRequire(join(process.env['FLUENT_CLIENT']!, 'package.json'))
  return (await import(pathToFileURL(require.resolve(PACKAGE)).href)) as FluentClient
}
