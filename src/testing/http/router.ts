import type { Target } from './exchange.ts'
import { isTrue } from '../reads/list-options.ts'
import type { Registry } from '../catalog/registry.ts'

/** What a path means: something of a resource, or one of the server's own documents, or nothing. */
export type Route =
  | { readonly target: Target; readonly subresource: string | undefined }
  | { readonly document: string }
  /** A question that is asked by a create and not kept, by its kind. */
  | { readonly review: string }
  /** `isKnownGroup`: the group exists, and has no such version or resource. */
  | { readonly isKnownGroup: boolean }

const DOCUMENT =
  /^(\/|\/(version|readyz|livez|healthz|metrics|openapi\/v2|openapi\/v3|openapi\/v3\/.*|api|apis|api\/[^/]+|apis\/[^/]+|apis\/[^/]+\/[^/]+)\/?)$/

/** The subresources of a Namespace: everything else below one is what lies in it. */
const OF_A_NAMESPACE = new Set(['status', 'finalize'])

const REVIEWS: ReadonlyMap<string, string> = new Map([
  ['/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', 'SelfSubjectAccessReview'],
  ['/apis/authorization.k8s.io/v1/subjectaccessreviews', 'SubjectAccessReview'],
  ['/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', 'SelfSubjectRulesReview'],
  ['/apis/authentication.k8s.io/v1/selfsubjectreviews', 'SelfSubjectReview'],
  ['/apis/authentication.k8s.io/v1/tokenreviews', 'TokenReview'],
])

export function route(path: string, registry: Registry): Route {
  if (DOCUMENT.test(path)) return { document: path.length > 1 ? path.replace(/\/$/, '') : path }
  const review = REVIEWS.get(path)
  if (review !== undefined) return { review }
  const parts = path.split('/').filter((part) => part !== '')
  const group = parts[0] === 'api' ? '' : parts[0] === 'apis' ? parts[1] : undefined
  if (group === undefined) return { isKnownGroup: false }
  const [version = '', ...rest] = parts.slice(group === '' ? 1 : 2).map(decode)
  const isScoped = rest[0] === 'namespaces' && rest.length > 2 && !OF_A_NAMESPACE.has(rest[2]!)
  const namespace = isScoped ? rest[1] : undefined
  const [plural = '', name, subresource, ...deeper] = isScoped ? rest.slice(2) : rest
  const served = registry.find(group, version, plural)
  const isPath = served?.resource.namespaced ? isScoped || name === undefined : !isScoped
  if (served === undefined || !isPath || deeper.length > 0) {
    return { isKnownGroup: registry.hasGroup(group) }
  }
  return { target: { served, namespace, name }, subresource }
}

/** The verb by which the API knows a request, as RBAC and audit logs name it. */
export function verbOf(method: string, name: string | undefined, query: { readonly [name: string]: string }): string {
  switch (method) {
    case 'GET':
    case 'HEAD':
      if (name !== undefined) return 'get'
      return isTrue(query['watch']) ? 'watch' : 'list'
    case 'POST':
      return 'create'
    case 'PUT':
      return 'update'
    case 'PATCH':
      return 'patch'
    case 'DELETE':
      return name === undefined ? 'deletecollection' : 'delete'
    default:
      return method.toLowerCase()
  }
}

/**
 * Whether a path has a method: collections are read, emptied and added to, across all namespaces only
 * read; one object is read, changed and deleted.
 */
export function allows({ served, namespace, name }: Target, verb: string): boolean {
  const { verbs } = served.facts
  if (!verbs.includes(verb)) return false
  if (name !== undefined) return ['get', 'update', 'patch', 'delete'].includes(verb)
  const isAcrossNamespaces = served.resource.namespaced && namespace === undefined
  return ['list', 'watch'].includes(verb) || (!isAcrossNamespaces && ['create', 'deletecollection'].includes(verb))
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part // no such name, then
  }
}
