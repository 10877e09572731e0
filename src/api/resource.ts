import { KubeflumeError } from './errors.ts'
import type { KubernetesObject } from './object.ts'

declare const type: unique symbol

/** A resource that can be listed and watched. The brand keeps a `Resource<Secret>` from passing as a `Resource<Pod>`. */
export interface Resource<out T extends KubernetesObject = KubernetesObject> {
  /** `''` for the core group. */
  readonly group: string
  /** `v1`, without the group. */
  readonly version: string
  /** As it stands in a path: `pods`. */
  readonly plural: string
  /** As it stands in an object: `Pod`. */
  readonly kind: string
  /** Whether its objects are in namespaces, and keys have two parts. */
  readonly namespaced: boolean
  /** @hidden */
  readonly [type]?: T
}
/** The objects of a resource: `ObjectOf<typeof resources.apps.v1.deployments>` is `Deployment`. */
export type ObjectOf<R> = R extends Resource<infer T> ? T : never

/** Where the objects of a custom resource are: `spec` of its CustomResourceDefinition says it. */
export interface CustomKind {
  group: string
  version: string
  plural: string
  kind: string
  /** @default true */
  namespaced?: boolean | undefined
}

/** The objects of a custom resource with that `spec` and `status`. */
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
  kind: CustomKind & { spec: Schema<S>; status?: Schema<U> | undefined },
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
