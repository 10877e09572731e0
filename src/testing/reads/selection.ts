import { matchesLabels, parseSelector, type Requirement } from '../../api/selector.ts'
import type { StoredVersion } from '../storage/collection.ts'
import type { ServedResource } from '../catalog/registry.ts'
import { parse } from '../encoding/encoding.ts'
import { selectableFields, textAt, unknownField } from './selectable-fields.ts'
import { badRequest } from '../status.ts'

interface FieldRequirement {
  readonly path: string
  readonly isEqual: boolean
  readonly value: string
}

/** Which objects a request is about: one namespace or all, and what its selectors let through. */
export class Selection {
  readonly namespace: string | undefined
  readonly #labels: readonly Requirement[]
  readonly #fields: readonly FieldRequirement[]

  /** @throws {ApiError} 400 for a selector that the server would not take. */
  constructor(
    served: ServedResource,
    namespace: string | undefined,
    selectors: { readonly label: string; readonly field: string },
  ) {
    this.namespace = namespace
    this.#labels = parseLabels(selectors.label)
    this.#fields = parseFields(served, selectors.field)
  }

  /** What the keys of these objects begin with. */
  get prefix(): string {
    return this.namespace === undefined ? '' : `${this.namespace}/`
  }

  get hasSelectors(): boolean {
    return this.#labels.length > 0 || this.#fields.length > 0
  }

  /** The one name that it can match, where a field selector says so. */
  get name(): string | undefined {
    return this.#fields.find(({ path, isEqual }) => path === 'metadata.name' && isEqual)?.value
  }

  matches(version: StoredVersion): boolean {
    if (this.namespace !== undefined && version.namespace !== this.namespace) return false
    return (
      matchesLabels(this.#labels, version.labels) &&
      this.#fields.every(({ path, isEqual, value }) => (fieldOf(version, path) === value) === isEqual)
    )
  }
}

function fieldOf(version: StoredVersion, path: string): string {
  if (path === 'metadata.name') return version.name
  if (path === 'metadata.namespace') return version.namespace ?? ''
  // A custom resource may have learned to select by the field after the object was written.
  return version.fields[path] ?? textAt(parse(version.bytes), path)
}

function parseLabels(selector: string): readonly Requirement[] {
  try {
    return parseSelector(selector)
  } catch (error) {
    throw badRequest(`unable to parse requirement: ${(error as Error).message}`)
  }
}

/** `a=b,c!=d`; a backslash escapes a comma, an equals sign or itself (apimachinery `pkg/fields`). */
function parseFields(served: ServedResource, selector: string): FieldRequirement[] {
  if (selector === '') return []
  return selector.split(/(?<!\\),/).map((term) => {
    const parts = /^([^!=]+)(==|=|!=)(.*)$/.exec(term)
    if (parts === null) throw badRequest(`invalid selector: '${selector}'; can't understand '${term}'`)
    const [, path = '', operator, value = ''] = parts
    checkField(served, path)
    return { path, isEqual: operator !== '!=', value: value.replace(/\\(.)/g, '$1') }
  })
}

function checkField(served: ServedResource, path: string): void {
  if (path === 'metadata.name' || path === 'metadata.namespace') return
  if (!selectableFields(served).includes(path)) throw badRequest(unknownField(served, path))
}
