import { joinKey } from '../../api/key.ts'
import { type AnyObject, parse } from '../encoding/encoding.ts'
import { convert } from '../storage/conversion.ts'
import { typeOf } from '../writes/field-type.ts'
import { mergeStructured } from '../writes/structured-merge.ts'
import { type Manifest, objectsOf } from './manifests.ts'
import { type SeedParts, servedKindOf } from './seed.ts'

/**
 * Creates the objects of a manifest, or merges them into what is there: maps by their keys, lists by the
 * keys of their type. What a manifest leaves out stays.
 *
 * @returns the objects as they are then, in the order of the manifest
 * @throws {KubeflumeError} `ERR_OPTION`; {ApiError} as the server would answer
 */
export function applyManifest(manifest: Manifest, { registry, writer, storage }: SeedParts): AnyObject[] {
  return objectsOf(manifest).map((object) => {
    const served = servedKindOf(object, registry)
    const { name = '', namespace = 'default' } = object.metadata
    const key = joinKey(served.resource.namespaced ? namespace : undefined, name)
    const stored = storage.collection(served).get(key)
    if (stored === undefined) return parse(writer.create(served, object).bytes)
    const merged = mergeStructured(parse(convert(served, stored).bytes), object, typeOf(served)) as AnyObject
    return parse(writer.update(served, key, merged).bytes)
  })
}
