import { BUILT_IN_TABLE } from './built-in-table.ts'

/** What discovery and the rules of writing need to know of a resource, beyond its names. */
export interface ResourceFacts {
  readonly singular: string
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly verbs: readonly string[]
  readonly subresources: readonly SubresourceFacts[]
  /** `metadata.generation` counts the changes of the spec. */
  readonly hasGeneration: boolean
  /** An update without a resourceVersion replaces whatever is there (`AllowUnconditionalUpdate`). */
  readonly isUpdatedUnconditionally: boolean
  /** An update of what does not exist creates it (`AllowCreateOnUpdate`). */
  readonly isCreatedByUpdate: boolean
  /** A DELETE answers with the object, of others with a Status (`ReturnDeletedObject`). */
  readonly isReturnedWhenDeleted: boolean
}

export interface SubresourceFacts {
  readonly name: string
  /** What is read and written there. */
  readonly responseKind: GroupVersionKind
  readonly verbs: readonly string[]
  /** Where custom resources keep the numbers of their `scale`, as CRDs write it: `.spec.replicas`. */
  readonly scale?: ScalePaths | undefined
}

export interface ScalePaths {
  readonly specReplicasPath: string
  readonly statusReplicasPath: string
  readonly labelSelectorPath?: string | undefined
}

export interface GroupVersionKind {
  readonly group: string
  readonly version: string
  readonly kind: string
}

/** A resource of the table: some have no collection, such as `bindings`, and are known to discovery alone. */
export interface TabledResource {
  readonly group: string
  readonly version: string
  readonly plural: string
  readonly kind: string
  readonly namespaced: boolean
  readonly facts: ResourceFacts
}

export const ALL_VERBS: readonly string[] = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
]
export const SUBRESOURCE_VERBS: readonly string[] = ['get', 'patch', 'update']

let table: readonly TabledResource[] | undefined

/** The resources that a server with default flags serves, in the order of its discovery. */
export function tabledResources(): readonly TabledResource[] {
  table ??= readTable(BUILT_IN_TABLE)
  return table
}

/** For built-in resources of groups that a server does not serve by default, such as alpha ones. */
export function untabledFacts(kind: GroupVersionKind, { hasStatus }: { readonly hasStatus: boolean }): ResourceFacts {
  const status: SubresourceFacts = { name: 'status', responseKind: kind, verbs: SUBRESOURCE_VERBS }
  return {
    singular: kind.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    verbs: ALL_VERBS,
    subresources: hasStatus ? [status] : [],
    hasGeneration: false,
    isUpdatedUnconditionally: true,
    isCreatedByUpdate: false,
    isReturnedWhenDeleted: false,
  }
}

function readTable(text: string): TabledResource[] {
  const resources: TabledResource[] = []
  let group = ''
  let version = ''
  for (const line of text.trim().split('\n')) {
    if (line.startsWith('@')) [version = '', group = ''] = line.slice(1).split('/').reverse()
    else resources.push(readLine(line, group, version))
  }
  return resources
}

function readLine(line: string, group: string, version: string): TabledResource {
  const [plural = '', kind = '', singular = '', ...marks] = line.split(' ')
  const marked = (mark: string): string[] =>
    marks.filter((word) => word.startsWith(mark)).map((word) => word.slice(mark.length))
  const flags = marked('!').join('')
  const facts: ResourceFacts = {
    singular,
    shortNames: marked('-'),
    categories: marked('+'),
    verbs: marked('=')[0]?.split(',') ?? ALL_VERBS,
    subresources: marked('/').map((word) => readSubresource(word, { group, version, kind })),
    hasGeneration: flags.includes('g'),
    isUpdatedUnconditionally: flags.includes('u'),
    isCreatedByUpdate: flags.includes('c'),
    isReturnedWhenDeleted: flags.includes('d'),
  }
  return { group, version, plural, kind, namespaced: !marks.includes('%'), facts }
}

function readSubresource(word: string, parent: GroupVersionKind): SubresourceFacts {
  const [head = '', verbs] = word.split('=')
  const [name = '', target] = head.split('>')
  return {
    name,
    responseKind: target === undefined ? parent : readKind(target, parent),
    verbs: verbs?.split(',') ?? SUBRESOURCE_VERBS,
  }
}

/** `autoscaling/v1.Scale`; `.PodProxyOptions` is of the parent's version. */
function readKind(text: string, parent: GroupVersionKind): GroupVersionKind {
  const end = text.lastIndexOf('.')
  const [groupVersion, kind] = [text.slice(0, end), text.slice(end + 1)]
  if (groupVersion === '') return { ...parent, kind }
  const [version = '', group = ''] = groupVersion.split('/').reverse()
  return { group, version, kind }
}
