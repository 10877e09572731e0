// Measures the informer of @kubernetes/client-node against a replay server, and prints a line of JSON.
import {
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  type KubernetesListObject,
  type KubernetesObject,
  type ListWatch,
  makeInformer,
} from '@kubernetes/client-node'
import type { ProbedInformer } from './informer-probe.ts'
import { measureInformer } from './measure-informer.ts'
import { peerArguments } from './peer-arguments.ts'

const args = peerArguments()
const config = new KubeConfig()
config.loadFromOptions({
  clusters: [{ name: 'replay', server: args.url, skipTLSVerify: true }],
  users: [{ name: 'nobody' }],
  contexts: [{ name: 'replay', cluster: 'replay', user: 'nobody' }],
  currentContext: 'replay',
})
const api = config.makeApiClient(CoreV1Api)
const WIDGETS = { group: 'bench.kubeflume.dev', version: 'v1', resourcePlural: 'widgets' }
type Listed = Promise<KubernetesListObject<KubernetesObject>>
const lists: { readonly [resource: string]: () => Listed } = {
  pods: () => api.listPodForAllNamespaces(),
  configmaps: () => api.listConfigMapForAllNamespaces(),
  secrets: () => api.listSecretForAllNamespaces(),
  events: () => api.listEventForAllNamespaces(),
  widgets: () => config.makeApiClient(CustomObjectsApi).listCustomObjectForAllNamespaces(WIDGETS) as Listed,
}
const group = args.resource === 'widgets' ? `/apis/${WIDGETS.group}/v1` : '/api/v1'
const informer = makeInformer<KubernetesObject>(config, `${group}/${args.resource}`, lists[args.resource]!)
const objects = informer as ListWatch<KubernetesObject> // which also says its version
const failed = Promise.withResolvers<never>()
objects.on('error', (error: unknown) => failed.reject(error))
failed.promise.catch(() => {}) // until somebody waits for the sync

let started: Promise<void> | undefined
let size = 0
await measureInformer(
  {
    subscribe: (hear) => {
      for (const verb of ['add', 'update', 'delete'] as const) objects.on(verb, (object) => hear({ object }))
    },
    start: () => {
      started = objects.start()
    },
    // it does not say when it is synced; `start` resolves after the list, when the watch is open
    synced: async () => {
      await Promise.race([started, failed.promise])
      size = objects.list().length
    },
    store: {
      get size() {
        return size
      },
      get resourceVersion() {
        return objects.latestResourceVersion()
      },
      iterate: () => objects.list(),
      keys: () => objects.list().map(({ metadata }) => `${metadata!.namespace}/${metadata!.name}`),
      get: (key) => {
        const [namespace, name] = key.split('/')
        return objects.get(name!, namespace)
      },
    },
  } satisfies ProbedInformer,
  args,
)
