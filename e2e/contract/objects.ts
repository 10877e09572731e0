import type { Api } from './api.ts'

export function configMaps(namespace: string, name?: string): string {
  return `/api/v1/namespaces/${namespace}/configmaps${name === undefined ? '' : `/${name}`}`
}

export function pods(namespace: string, name?: string): string {
  return `/api/v1/namespaces/${namespace}/pods${name === undefined ? '' : `/${name}`}`
}

/** A kind without spec, status and defaults: what is written is what is read. */
export function configMap(name: string, labels: { readonly [key: string]: string } = {}, value = 'one'): object {
  return { metadata: { name, labels }, data: { value } }
}

/** With everything that a server would set by itself, so that nothing is left to be defaulted. */
export function pod(name: string, spec: object = {}, labels: { readonly [key: string]: string } = {}): object {
  const tolerations = ['not-ready', 'unreachable'].map((what) => ({
    key: `node.kubernetes.io/${what}`,
    operator: 'Exists',
    effect: 'NoExecute',
    tolerationSeconds: 300,
  }))
  return {
    metadata: { name, labels: { app: 'shop', ...labels } },
    spec: {
      containers: [
        {
          name: 'main',
          image: 'registry.example/shop:1',
          resources: {},
          terminationMessagePath: '/dev/termination-log',
          terminationMessagePolicy: 'File',
          imagePullPolicy: 'IfNotPresent',
        },
      ],
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      securityContext: {},
      schedulerName: 'none',
      tolerations,
      priority: 0,
      enableServiceLinks: true,
      preemptionPolicy: 'PreemptLowerPriority',
      ...spec,
    },
  }
}

/** A state with a past: five objects were created, then one was changed, one deleted and one added. */
export interface Past {
  readonly path: string
  /** Of the state with `a` to `e`. */
  readonly before: string
  readonly now: string
}

export async function makePast(api: Api): Promise<Past> {
  await api.makeNamespace()
  const path = configMaps(api.namespace)
  const colors = { a: 'red', b: 'blue', c: 'red', d: 'green' }
  for (const [name, color] of Object.entries(colors)) {
    await api.setUp('POST', path, configMap(name, { color, letter: name }))
  }
  await api.setUp('POST', path, configMap('e'))
  const before = await versionOf(api, path)
  await api.setUp('PUT', `${path}/b`, configMap('b', { color: 'blue', letter: 'b' }, 'two'))
  await api.setUp('DELETE', `${path}/c`)
  await api.setUp('POST', path, configMap('f', { color: 'red' }))
  return { path, before, now: await versionOf(api, path) }
}

/** Of the newest state, which the cache of the server has then seen, too. */
export async function versionOf(api: Api, path: string): Promise<string> {
  const { metadata } = await api.setUp('GET', path)
  return metadata.resourceVersion
}

export interface Kind {
  readonly group: string
  readonly plural: string
  readonly kind: string
  /** `/apis/<group>/v1`. */
  readonly base: string
}

/** Defines a kind of the case alone, and resolves when it is served. */
export async function defineKind(
  api: Api,
  more: { scope?: string; spec?: object; version?: object } = {},
): Promise<Kind> {
  const kind = kindOf(api)
  await api.setUp('POST', CRDS, definition(kind, more))
  await whenServed(api, kind)
  return kind
}

export const CRDS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'

export function kindOf(api: Api): Kind {
  const group = `${api.namespace}.example.com`
  return { group, plural: 'widgets', kind: 'Widget', base: `/apis/${group}/v1` }
}

export function definition(
  { group, plural, kind }: Kind,
  { scope = 'Namespaced', spec = {}, version = {} }: { scope?: string; spec?: object; version?: object } = {},
): object {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope,
      names: { plural, kind, singular: kind.toLowerCase(), listKind: `${kind}List` },
      conversion: { strategy: 'None' },
      versions: [{ name: 'v1', served: true, storage: true, schema, ...version }],
      ...spec,
    },
  }
}

/** A new kind is served a moment after it was created; a removed one is gone a moment after. */
export async function whenServed(api: Api, { base, plural }: Kind, isServed = true): Promise<void> {
  const count = api.transcript.length
  await api.getUntil(`${base}/${plural}`, {}, ({ status }) => (status === 200) === isServed)
  api.transcript.length = count
}

export function widget({ group, kind }: Kind, name: string, spec: object = { size: 1 }): object {
  return { apiVersion: `${group}/v1`, kind, metadata: { name }, spec }
}

export function widgets({ base, plural }: Kind, namespace: string, name?: string): string {
  return `${base}/namespaces/${namespace}/${plural}${name === undefined ? '' : `/${name}`}`
}

/** All pages, each recorded. */
export async function readPages(
  api: Api,
  path: string,
  query: { readonly [name: string]: string | number },
): Promise<void> {
  let page = await api.get(path, query)
  const { limit, labelSelector } = query
  for (let count = 1; page.metadata?.continue && count < 20; count++) {
    page = await api.get(path, { limit, labelSelector, continue: page.metadata.continue })
  }
}
