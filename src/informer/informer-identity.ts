import { isWithin } from '../api/field-path.ts'
import type { KubernetesObject } from '../api/object.ts'
import { parseSelector } from '../api/selector.ts'
import { DEFAULT_MAX_ITEM_BYTES } from '../decode/decoder.ts'
import type { ResolvedOptions } from './options.ts'
import type { Scope } from './scope.ts'

/**
 * Says of informers whether one can stand for the other: they have the same identity when they ask the server for
 * the same objects in the same way, and keep the same of them. What merely reads or hears (indexes, handlers,
 * observers) is no part of it. Functions and clocks are the same when they are the same value.
 */
export class InformerIdentities {
  readonly #numbers = new WeakMap<WeakKey, number>()
  #last = 0

  of<T extends KubernetesObject>(options: ResolvedOptions<T>, scope: Scope = options.scope): string {
    const { resource, first, ingest, omitted, wire, clock } = options
    const { group, version, plural, kind, namespaced } = resource
    return JSON.stringify([
      [group, version, plural, kind, namespaced],
      scopeIdentity(scope),
      [first.strategy, first.atLeast],
      [wire.encodings, wire.maxItemBytes ?? DEFAULT_MAX_ITEM_BYTES, pathsIdentity(omitted)],
      [this.#number(ingest.filter), this.#number(ingest.transform), this.#number(clock)],
      ingest.transform === undefined ? (ingest.retain ?? 'wire') : 'objects',
    ])
  }

  #number(value: WeakKey | undefined): number {
    if (value === undefined) return 0
    const number = this.#numbers.get(value) ?? ++this.#last
    this.#numbers.set(value, number)
    return number
  }
}

/** The terms of a selector, and the namespaces, mean the same in any order. */
function scopeIdentity({ namespaces, selectors }: Scope): unknown {
  const { labelSelector = '', fieldSelector = '' } = selectors
  const labels = parseSelector(labelSelector).map(({ key, operator, values }) =>
    JSON.stringify([key, operator, sorted(values)]),
  )
  const fields = fieldSelector.split(/(?<!\\),/).map((term) => term.replace(/^([^=!]+)==/, '$1='))
  const isAll = namespaces.includes(undefined)
  return [isAll ? null : sorted(namespaces as readonly string[]), sorted(labels), sorted(fields)]
}

/** A path inside another one says nothing more. */
function pathsIdentity(paths: readonly (readonly string[])[]): readonly string[] {
  const outermost = paths.filter(
    (path) => !paths.some((other) => other.length < path.length && isWithin(path, [other])),
  )
  return sorted(outermost.map((path) => JSON.stringify(path)))
}

/** Each one once. */
function sorted(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort()
}
