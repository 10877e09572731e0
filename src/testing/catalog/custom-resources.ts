import { type AnyObject, parse } from '../encoding/encoding.ts'
import type { StoredVersion } from '../storage/collection.ts'
import { convert } from '../storage/conversion.ts'
import type { Storage } from '../storage/storage.ts'
import { type CustomDefinition, DEFINITIONS, isDefinition, servedBy } from './custom-definitions.ts'
import type { Registry, ServedResource } from './registry.ts'

/** `isLast`: no other version of it is served any longer. */
type OnWithdrawn = (served: ServedResource, isLast: boolean) => void

/**
 * Keeps the registry in step with the CustomResourceDefinitions in the storage: a write of one serves its
 * versions at once, its deletion removes their objects and withdraws them.
 *
 * The versions of a custom resource share their objects, which differ in their apiVersion only: conversion
 * by webhook is not played.
 */
export class CustomResources {
  readonly #registry: Registry
  readonly #storage: Storage
  readonly #onWithdrawn: OnWithdrawn

  private constructor(registry: Registry, storage: Storage, onWithdrawn: OnWithdrawn) {
    this.#registry = registry
    this.#storage = storage
    this.#onWithdrawn = onWithdrawn
  }

  /** From now on, for as long as the storage lives. */
  static follow(registry: Registry, storage: Storage, onWithdrawn: OnWithdrawn): void {
    const resources = new CustomResources(registry, storage, onWithdrawn)
    storage.onWrite((version, served) => {
      if (isDefinition(served)) resources.#follow(version)
    })
    storage.onRestore(() => resources.#sync())
  }

  /** Goes by the definitions that are there now. */
  #sync(): void {
    const definitions = this.#registry.find(DEFINITIONS.group, DEFINITIONS.version, DEFINITIONS.plural)!
    const stored = this.#storage.collection(definitions).read({ prefix: '', revision: this.#storage.revision })
    const wanted = stored.flatMap(({ bytes }) => servedBy(parse<CustomDefinition>(bytes)))
    this.#serve(wanted, () => true)
  }

  #follow({ bytes, isDeleted }: StoredVersion): void {
    const definition = parse<CustomDefinition>(bytes)
    const { group, names } = definition.spec
    this.#serve(
      isDeleted ? [] : servedBy(definition),
      ({ resource }) => resource.group === group && resource.plural === names.plural,
    )
  }

  /** Serves `wanted`, and of the resources that `isMine` knows nothing else. */
  #serve(wanted: readonly ServedResource[], isMine: (served: ServedResource) => boolean): void {
    const kept = new Set(wanted.map(({ apiVersion, resource }) => `${apiVersion}/${resource.plural}`))
    for (const served of this.#registry.custom.filter(isMine)) {
      if (!kept.has(`${served.apiVersion}/${served.resource.plural}`)) this.#withdraw(served)
    }
    for (const served of wanted) this.#registry.define(served)
  }

  #withdraw(served: ServedResource): void {
    this.#registry.withdraw(served)
    const isLast = this.#registry.custom.every(({ storageKey }) => storageKey !== served.storageKey)
    if (isLast) this.#removeAll(served)
    this.#onWithdrawn(served, isLast)
  }

  #removeAll(served: ServedResource): void {
    const { revision } = this.#storage
    for (const version of this.#storage.collection(served).read({ prefix: '', revision })) {
      this.#storage.remove(served, convert(served, version))
    }
  }
}

/** The definitions among objects to be seeded come first, that what they define has a place. */
export function definitionsFirst(objects: readonly AnyObject[]): AnyObject[] {
  const isFirst = ({ kind }: AnyObject): boolean => kind === 'CustomResourceDefinition'
  return [...objects.filter(isFirst), ...objects.filter((object) => !isFirst(object))]
}
