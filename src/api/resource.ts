import { KubeflumeError } from './errors.ts'
import type { KubernetesObject } from './object.ts'

declare const type: unique symbol

/** A resource that can be listed and watched. The brand keeps a `Resource<Secret>` from passing as a `Resource<Pod>`. */
export interface Resource<out T extends KubernetesObject = KubernetesObject> {
  /** `''` for the core group. */
  readonly group: string
  readonly version: string
  readonly plural: string
  readonly kind: string
  readonly namespaced: boolean
  readonly [type]?: T
}
export type ObjectOf<R> = R extends Resource<infer T> ? T : never

export interface CustomKind {
  group: string
  version: string
  plural: string
  kind: string
  /** @default true */
  namespaced?: boolean | undefined
}

export interface CustomResource<out S = unknown, out U = unknown> extends KubernetesObject {
  spec: S
  status?: U
}

/** A Standard Schema (zod, valibot, arktype). Only its *input* type is used; nothing is parsed with it. */
export interface Schema<out T> {
  readonly '~standard': { readonly types?: { readonly input: T; readonly output: unknown } | undefined }
}

/**
 * Describes a custom resource: `customResource<Widget>({ group, version, plural, kind })`, or with the
 * types of `spec` and `status` taken from schemas.
 *
 * @throws {KubeflumeError} `ERR_OPTION` for a part that is empty or cannot stand in a URL path.
 */
export function customResource<S, U = unknown>(
  kind: CustomKind & { spec: Schema<S>; status?: Schema<U> },
): Resource<CustomResource<S, U>>
export function customResource<T extends KubernetesObject>(kind: CustomKind): Resource<T>
export function customResource(kind: CustomKind): Resource {
  for (const part of ['group', 'version', 'plural', 'kind'] as const) {
    if (!/^[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?$/.test(kind[part] ?? '')) {
      throw new KubeflumeError('ERR_OPTION', `customResource: ${part} is ${JSON.stringify(kind[part])}`)
    }
  }
  return Object.freeze({
    group: kind.group,
    version: kind.version,
    plural: kind.plural,
    kind: kind.kind,
    namespaced: kind.namespaced ?? true,
  })
}

const PARTIAL_METADATA = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' } as const

/**
 * The same resource as `PartialObjectMetadata`: the server sends `metadata` alone, which is often a
 * tenth of the object. The path stays the resource's own.
 */
export function metadataOnly(resource: Resource): Resource {
  return Object.freeze({ ...resource, kind: PARTIAL_METADATA.kind })
}

export function isMetadataOnly(resource: Resource): boolean {
  return resource.kind === PARTIAL_METADATA.kind
}

/** The `apiVersion` of the resource's objects. */
export function apiVersionOf(resource: Resource): string {
  if (isMetadataOnly(resource)) return PARTIAL_METADATA.apiVersion
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`
}

/** The URL path of a collection: `/api/v1/pods`, `/apis/apps/v1/namespaces/web/deployments`. */
export function collectionPath(resource: Resource, namespace?: string): string {
  const root = resource.group === '' ? '/api' : `/apis/${resource.group}`
  const scope = namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`
  return `${root}/${resource.version}${scope}/${resource.plural}`
}
