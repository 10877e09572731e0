import { KubeflumeError } from '../api/errors.ts'
import { type FieldPath, isWithin, parseFieldPath } from '../api/field-path.ts'
import type { KubernetesObject } from '../api/object.ts'
import type { Resource } from '../api/resource.ts'
import { checkFieldSelector, formatSelector } from '../api/selector.ts'
import { omitTree } from '../decode/omit.ts'
import { canDecodeProtobuf } from '../decode/protobuf/registered.ts'
import { systemClock } from '../internal/clock.ts'
import { type IndexDefinition, pathOfIndex } from '../store/ingest.ts'
import type { InformerOptions } from './informer.ts'
import type { Query } from './list-watcher.ts'
import type { Encoding } from './negotiation.ts'
import { firstList } from './relist.ts'
import type { RunOptions } from './run.ts'

/** What an informer does with the bytes before it keeps them. */
export interface WireOptions {
  readonly omit: readonly FieldPath[]
  readonly maxItemBytes: number | undefined
  readonly encodings: readonly Encoding[]
}

const CHOICES = {
  sync: ['auto', 'stream', 'paged'],
  freshness: ['latest', 'any'],
  encoding: ['auto', 'protobuf', 'json'],
} as const

/**
 * Checks the options of an informer and fills in the defaults.
 *
 * @throws {KubeflumeError} `ERR_OPTION`, `ERR_SELECTOR`: at the call, not when the first request fails
 */
export function resolveOptions<T extends KubernetesObject, I extends string>(
  resource: Resource<T>,
  options: InformerOptions<T, I>,
): RunOptions<T> & { readonly wire: WireOptions } {
  for (const name of ['sync', 'freshness', 'encoding'] as const) checkChoice(name, options[name])
  const { filter, transform, indexes, maxItemBytes } = options
  checkMaxItemBytes(maxItemBytes)
  const managedFields: readonly FieldPath[] = options.keepManagedFields ? [] : [['metadata', 'managedFields']]
  const omit = [...managedFields, ...(options.omit ?? [])]
  omitTree(omit) // throws for what cannot be omitted
  const omitted = omit.map(parseFieldPath)
  for (const [name, definition] of Object.entries(indexes ?? {})) checkIndex(name, definition, omitted)
  return {
    resource,
    namespaces: checkNamespaces(resource, options.namespaces),
    selectors: selectorsOf(options),
    first: firstList({ resource, sync: options.sync ?? 'auto', freshness: options.freshness ?? 'latest' }),
    ingest: { filter, transform, indexes },
    omitted,
    clock: options.clock ?? systemClock,
    wire: { omit, maxItemBytes, encodings: encodingsOf(resource, options.encoding ?? 'auto') },
  }
}

/** Custom resources have no protobuf; what has both is asked for as protobuf, and taken as either. */
function encodingsOf(resource: Resource, encoding: 'auto' | Encoding): readonly Encoding[] {
  const hasProtobuf = canDecodeProtobuf(resource)
  if (encoding === 'json' || (encoding === 'auto' && !hasProtobuf)) return ['json']
  if (!hasProtobuf) throw optionError(`${resource.plural} have no protobuf`)
  return encoding === 'auto' ? ['protobuf', 'json'] : ['protobuf']
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

/** An index of what is cut away would answer "none". */
function checkIndex(name: string, definition: unknown, omitted: readonly (readonly string[])[]): void {
  const path = pathOfIndex(definition as IndexDefinition<unknown>)
  if (path !== undefined && isWithin(path, omitted))
    throw optionError(`the index ${name} is of a field that is omitted`)
}

function selectorsOf({
  labelSelector,
  fieldSelector,
}: Pick<InformerOptions<unknown>, 'labelSelector' | 'fieldSelector'>): Query {
  const labels = labelSelector === undefined ? undefined : formatSelector(labelSelector)
  return {
    ...(labels !== undefined && { labelSelector: labels }),
    ...(fieldSelector && { fieldSelector: checkFieldSelector(fieldSelector) }),
  }
}

function checkChoice(name: keyof typeof CHOICES, value: string | undefined): void {
  if (value === undefined || (CHOICES[name] as readonly string[]).includes(value)) return
  throw optionError(`${name} is ${JSON.stringify(value)}: expected one of ${CHOICES[name].join(', ')}`)
}

function checkMaxItemBytes(limit: number | undefined): void {
  if (limit === undefined || (Number.isSafeInteger(limit) && limit > 0)) return
  throw optionError(`maxItemBytes is ${limit}: expected a whole number above 0`)
}

function optionError(message: string): KubeflumeError {
  return new KubeflumeError('ERR_OPTION', message)
}
