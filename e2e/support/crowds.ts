import {
  CoreV1Api,
  CustomObjectsApi,
  type KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  type V1ConfigMap,
} from '@kubernetes/client-node'
import { type KubernetesObject, resources } from '../../src/index.ts'
import { Crowd } from './crowd.ts'
import { randomFrom } from './random.ts'
import { makeWidget, type WidgetKind, widgetResource } from './widgets.ts'

const mergePatch = setHeaderOptions('Content-Type', PatchStrategy.MergePatch)

/** Config maps of about a kilobyte: the smallest objects that make a long list soon. */
export function configMaps(config: KubeConfig, namespace: string): Crowd {
  const api = config.makeApiClient(CoreV1Api)
  const make = (name: string): V1ConfigMap => ({ metadata: { name }, data: { text: `${name} `.repeat(80) } })
  return new Crowd({
    config,
    namespace,
    resource: resources.core.v1.configmaps,
    path: `/api/v1/namespaces/${namespace}/configmaps`,
    create: (name) => api.createNamespacedConfigMap({ namespace, body: make(name) }),
    patch: (name, serial) =>
      api.patchNamespacedConfigMap({ namespace, name, body: { data: { serial: String(serial) } } }, mergePatch),
    delete: (name) => api.deleteNamespacedConfigMap({ namespace, name }),
  })
}

/** Custom resources of a kind that is there. */
export function widgets(config: KubeConfig, kind: WidgetKind, namespace: string): Crowd {
  const api = config.makeApiClient(CustomObjectsApi)
  const random = randomFrom(21)
  const { group, version, plural } = kind
  const where = { group, version, plural, namespace }
  return new Crowd({
    config,
    namespace,
    resource: widgetResource(kind),
    path: `/apis/${group}/${version}/namespaces/${namespace}/${plural}`,
    create: (name) => created(api.createNamespacedCustomObject({ ...where, body: makeWidget(random, kind, name) })),
    patch: (name, serial) =>
      created(api.patchNamespacedCustomObject({ ...where, name, body: { spec: { size: serial } } }, mergePatch)),
    delete: (name) => api.deleteNamespacedCustomObject({ ...where, name }),
  })
}

/** client-node does not type what it returns here. */
async function created(answer: Promise<unknown>): Promise<KubernetesObject> {
  return (await answer) as KubernetesObject
}
