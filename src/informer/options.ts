import { KubeflumeError } from '../api/errors.ts'
import { type FieldPath, isWithin, parseFieldPath } from '../api/field-path.ts'
import type { KubernetesObject } from '../api/object.ts'
import type { Resource } from '../api/resource.ts'
import { omitTree } from '../decode/omit.ts'
import { canDecodeProtobuf } from '../decode/protobuf/registered.ts'
import { systemClock } from '../internal/clock.ts'
import { type IndexDefinition, pathOfIndex } from '../store/ingest.ts'
import type { InformerOptions } from './informer.ts'
import type { Encoding } from './negotiation.ts'
import { firstList } from './list-plan.ts'
import type { RunOptions } from './run.ts'
import { resolveScope } from './scope.ts'
import { StrategyMemory } from './strategy-memory.ts'

/** What an informer does with the bytes before it keeps them. */
export interface WireOptions {
  readonly omit: readonly FieldPath[]
  readonly maxItemBytes: number | undefined
  readonly encodings: readonly Encoding[]
}

/** The options of an informer, checked, with their defaults. */
export interface ResolvedOptions<T extends KubernetesObject> extends Omit<RunOptions<T>, 'observer'> {
  readonly wire: WireOptions
}

const CHOICES = {
  sync: ['auto', 'stream', 'watch-list', 'paged'],
  freshness: ['latest', 'any'],
  encoding: ['auto', 'protobuf', 'json'],
  retain: ['wire', 'compressed', 'objects'],
} as const

/**
 * Checks the options of an informer and fills in the defaults.
 *
 * @throws {KubeflumeError} `ERR_OPTION`, `ERR_SELECTOR`: at the call, not when the first request fails
 */
export function resolveOptions<T extends KubernetesObject, I extends string>(
  resource: Resource<T>,
  options: InformerOptions<T, I>,
): ResolvedOptions<T> {
  for (const name of ['sync', 'freshness', 'encoding', 'retain'] as const) checkChoice(name, options[name])
  const { filter, transform, indexes, retain, maxItemBytes } = options
  checkMaxItemBytes(maxItemBytes)
  const managedFields: readonly FieldPath[] = options.keepManagedFields ? [] : [['metadata', 'managedFields']]
  const omit = [...managedFields, ...(options.omit ?? [])]
  omitTree(omit) // throws for what cannot be omitted
  const omitted = omit.map(parseFieldPath)
  for (const [name, definition] of Object.entries(indexes ?? {})) checkIndex(name, definition, omitted)
  const clock = options.clock ?? systemClock
  return {
    resource,
    scope: resolveScope(resource, options),
    first: firstList({ resource, sync: options.sync ?? 'auto', freshness: options.freshness ?? 'latest' }),
    ingest: { filter, transform, indexes, retain },
    omitted,
    clock,
    strategies: new StrategyMemory(clock),
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

/** An index of what is cut away would answer "none". */
function checkIndex(name: string, definition: unknown, omitted: readonly (readonly string[])[]): void {
  const path = pathOfIndex(definition as IndexDefinition<unknown>)
  if (path !== undefined && isWithin(path, omitted))
    throw optionError(`the index ${name} is of a field that is omitted`)
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
