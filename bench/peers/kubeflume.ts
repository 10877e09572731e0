// Measures kubeflume's informer against a replay server, and prints a line of JSON:
//
//     node --expose-gc bench/peers/kubeflume.ts --url http://127.0.0.1:1234 --steps decode,memory
import { pathToFileURL } from 'node:url'
import type { InformerOptions, KubernetesObject, Resource } from '../../src/index.ts'
import { measureInformer } from './measure-informer.ts'
import { peerArguments } from './peer-arguments.ts'

const args = peerArguments()
const other = args.module === undefined ? undefined : await import(pathToFileURL(args.module).href)
const { createInformer, customResource, resources } =
  (other as typeof import('../../src/index.ts')) ?? (await import('../../src/index.ts'))

// What is used of a KubeConfig: client-node's own costs 90 MB to import, which is not what is compared.
const kubeConfig = {
  getCurrentCluster: () => ({ server: args.url }),
  getCurrentUser: () => null,
  applySecurityAuthentication: () => Promise.resolve(),
}
const { encoding, retain, sync } = args
const { pods, configmaps, secrets, events } = resources.core.v1
const widgets = customResource({ group: 'bench.kubeflume.dev', version: 'v1', plural: 'widgets', kind: 'Widget' })
const listed: Resource = [pods, configmaps, secrets, events, widgets].find(({ plural }) => plural === args.resource)!
const options = { encoding, retain, sync } as InformerOptions<KubernetesObject>
const informer = createInformer<KubernetesObject>(kubeConfig, listed, options)
await measureInformer(informer, args)
