import { ApiextensionsV1Api, type KubeConfig, type V1CustomResourceDefinition } from '@kubernetes/client-node'
import { type CustomResource, customResource, type Resource } from '../../src/index.ts'
import { pick, type Random } from './random.ts'
import { waitUntil } from './wait.ts'

export interface WidgetSpec {
  readonly color: string
  readonly size: number
  readonly parts: readonly { readonly name: string; readonly weight: number }[]
  readonly items?: readonly string[]
}

export type Widget = CustomResource<WidgetSpec>

/** A kind of its own: an existing cluster may be used by two runs at once. */
export interface WidgetKind {
  readonly group: string
  readonly version: 'v1'
  readonly plural: 'widgets'
  readonly kind: 'Widget'
}

export function widgetKind(run: string): WidgetKind {
  return { group: `${run}.kubeflume.dev`, version: 'v1', plural: 'widgets', kind: 'Widget' }
}

export function widgetResource(kind: WidgetKind): Resource<Widget> {
  return customResource<Widget>(kind)
}

/** Creates the CRD, and resolves when the server says that it serves it. */
export async function createWidgetKind(config: KubeConfig, kind: WidgetKind): Promise<void> {
  const api = config.makeApiClient(ApiextensionsV1Api)
  const { metadata } = await api.createCustomResourceDefinition({ body: definition(kind) })
  const name = metadata!.name!
  await waitUntil({
    what: `the CRD ${name} to be established`,
    timeoutMs: 30_000,
    probe: async () => {
      const { status } = await api.readCustomResourceDefinition({ name })
      return status?.conditions?.some(({ type, status: value }) => type === 'Established' && value === 'True') ?? false
    },
  })
}

export async function deleteWidgetKind(config: KubeConfig, { plural, group }: WidgetKind): Promise<void> {
  await config.makeApiClient(ApiextensionsV1Api).deleteCustomResourceDefinition({ name: `${plural}.${group}` })
}

export function makeWidget(random: Random, { group, version, kind }: WidgetKind, name: string): object {
  return {
    apiVersion: `${group}/${version}`,
    kind,
    metadata: { name, labels: { color: pick(random, ['red', 'green', 'blue']) } },
    spec: {
      color: pick(random, ['red', 'grün', '蓝']),
      size: Math.floor(random() * 1000),
      parts: Array.from({ length: 20 + Math.floor(random() * 100) }, (_, index) => ({
        name: `part-${index}`,
        weight: Math.round(random() * 1e6) / 1e3,
      })),
      ...(random() < 0.5 && { items: ['one', 'two'] }),
    },
  }
}

function definition({ group, version, plural, kind }: WidgetKind): V1CustomResourceDefinition {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural, kind, singular: kind.toLowerCase(), listKind: `${kind}List` },
      versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  }
}

const schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      properties: {
        color: { type: 'string' },
        size: { type: 'integer' },
        parts: {
          type: 'array',
          items: { type: 'object', properties: { name: { type: 'string' }, weight: { type: 'number' } } },
        },
        items: { type: 'array', items: { type: 'string' } },
      },
    },
  },
}
