import { KubeflumeError } from '../api/errors.ts'
import type { Resource } from '../api/resource.ts'
import { checkFieldSelector, formatSelector } from '../api/selector.ts'
import type { InformerScope } from './informer.ts'
import type { Query } from './list-watcher.ts'

/** Which objects an informer follows, as requests say it. */
export interface Scope {
  /** `[undefined]`: all namespaces. */
  readonly namespaces: readonly (string | undefined)[]
  readonly selectors: Query
}

/**
 * Checks what a caller wants to follow.
 *
 * @throws {KubeflumeError} `ERR_OPTION`, `ERR_SELECTOR`
 */
export function resolveScope(resource: Resource, scope: InformerScope): Scope {
  return { namespaces: checkNamespaces(resource, scope.namespaces), selectors: selectorsOf(scope) }
}

export function isSameSelection(a: Query, b: Query): boolean {
  return a['labelSelector'] === b['labelSelector'] && a['fieldSelector'] === b['fieldSelector']
}

function checkNamespaces(
  resource: Resource,
  namespaces: readonly string[] | undefined,
): readonly (string | undefined)[] {
  if (namespaces === undefined) return [undefined]
  if (!resource.namespaced)
    throw optionError(`${resource.plural} are cluster-scoped: they cannot be followed by namespace`)
  if (!Array.isArray(namespaces)) throw optionError('namespaces: expected an array')
  for (const namespace of namespaces) {
    if (typeof namespace === 'string' && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(namespace)) continue
    throw optionError(`${JSON.stringify(namespace)} is no namespace; leave \`namespaces\` out for all of them`)
  }
  return [...new Set(namespaces)]
}

function selectorsOf({ labelSelector, fieldSelector }: InformerScope): Query {
  const labels = labelSelector === undefined ? undefined : formatSelector(labelSelector)
  return {
    ...(labels !== undefined && { labelSelector: labels }),
    ...(fieldSelector && { fieldSelector: checkFieldSelector(fieldSelector) }),
  }
}

function optionError(message: string): KubeflumeError {
  return new KubeflumeError('ERR_OPTION', message)
}
