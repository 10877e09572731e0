import type { ServedResource } from '../catalog/registry.ts'
import type { AnyObject } from '../encoding/encoding.ts'
import { isMap } from './json-value.ts'

/** What a Secret is that does not say its type (`SetDefaults_Secret`). */
const UNTYPED = 'Opaque'

/**
 * A Secret as the server keeps it: the text of `stringData` is in `data`, where it takes the place of what
 * was there, and `type` is set. Other objects are as they are.
 */
export function withSecretData({ resource, isBuiltIn }: ServedResource, object: AnyObject): AnyObject {
  if (!isBuiltIn || resource.group !== '' || resource.plural !== 'secrets') return object
  const { stringData, ...rest } = object
  const typed = { ...rest, type: rest['type'] || UNTYPED }
  if (!isMap(stringData)) return typed
  const encoded = Object.entries(stringData).map(([key, text]) => [key, Buffer.from(String(text)).toString('base64')])
  return { ...typed, data: { ...(isMap(rest['data']) ? rest['data'] : {}), ...Object.fromEntries(encoded) } }
}
