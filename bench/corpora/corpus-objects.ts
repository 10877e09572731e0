import { reflectedType, toMessage } from '../pod-message.ts'
import { type OtherCorpus, SEED } from './corpus-spec.ts'
import type { Encoding } from './frames.ts'
import { objectMakers } from './object-shapes.ts'
import { randomFrom } from './random.ts'

const MESSAGES: { readonly [name in OtherCorpus]?: string } = {
  configmaps: 'core/v1.ConfigMap',
  secrets: 'core/v1.Secret',
  events: 'core/v1.Event',
}

/** The objects of a corpus that is not of pods, encoded, one by one, the same at each call. */
export function* corpusObjects(name: OtherCorpus, encoding: Encoding, count: number): Generator<Uint8Array> {
  const random = randomFrom(SEED)
  const encode = encoderOf(name, encoding)
  for (let index = 0; index < count; index++) yield encode(objectMakers[name](index, random))
}

function encoderOf(name: OtherCorpus, encoding: Encoding): (object: object) => Uint8Array {
  if (encoding === 'json') return (object) => Buffer.from(JSON.stringify(object))
  const message = MESSAGES[name]
  if (message === undefined) throw new Error(`there is no protobuf of ${name}`)
  const type = reflectedType(message)
  return (object) => type.encode(toMessage(object as { readonly [field: string]: unknown }, message)).finish()
}
