import type { KubeConfig } from '@kubernetes/client-node'
import {
  type Clock,
  createInformer,
  type InformerOptions,
  type KubernetesObject,
  metadataOnly,
  resources,
} from '../../src/index.ts'
import { Following, type FollowingOptions } from './following.ts'

export interface PodFollowingsOptions {
  /** For the informers. */
  readonly config: KubeConfig
  /** For the lists that they are compared with. */
  readonly direct: KubeConfig
  readonly namespaces: readonly string[]
  /** Of informers besides those of every form on the wire; each is called by them. */
  readonly more?: readonly InformerOptions<KubernetesObject>[]
  readonly clock?: Clock
}

const { pods } = resources.core.v1

/** The label that writers change, and one of its values. */
export const selector = 'tier=frontend'

/** Those that the informer of "some namespaces" follows. */
export function someOf(namespaces: readonly string[]): string[] {
  return namespaces.filter((_, index) => index % 3 === 0)
}

/** Informers of pods in every form that differs on the wire, and how each is compared. Not started. */
export function followPods({ config, direct, namespaces, more = [], clock }: PodFollowingsOptions): Following[] {
  const follow = (
    { name, ...compared }: Omit<FollowingOptions, 'create' | 'config' | 'paths' | 'namespaces'>,
    options: InformerOptions<KubernetesObject>,
  ): Following => {
    const resource = compared.metadataOnly ? metadataOnly(pods) : pods
    const followed = options.namespaces ?? namespaces
    return new Following({
      name,
      ...compared,
      create: (onError) => createInformer<KubernetesObject>(config, resource, { ...options, clock, onError }),
      config: direct,
      paths: options.namespaces?.map((namespace) => `/api/v1/namespaces/${namespace}/pods`) ?? ['/api/v1/pods'],
      namespaces: followed,
    })
  }
  return [
    follow({ name: 'every field' }, { keepManagedFields: true }),
    follow({ name: 'without managedFields', ignoreManagedFields: true }, {}),
    follow({ name: 'some namespaces' }, { namespaces: someOf(namespaces), keepManagedFields: true }),
    follow({ name: selector, labelSelector: selector }, { labelSelector: selector, keepManagedFields: true }),
    follow({ name: 'metadata only', metadataOnly: true }, { keepManagedFields: true }),
    ...more.map((options) => follow({ name: JSON.stringify(options) }, { keepManagedFields: true, ...options })),
  ]
}
