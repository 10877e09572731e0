import type { WireCodec, WireForm } from '../api/wire-codec.ts'
import type { WireObject } from '../api/wire-object.ts'
import type { Identity, TypeMeta } from './identified-object.ts'
import { JsonObject } from './json/item.ts'
import type { OmitTree } from './omit.ts'
import { ProtobufObject } from './protobuf/object.ts'
import { readWirePath } from './read-path.ts'

/** What a decoder gives to each of its objects: by reference, since a list of custom resources says its kind last. */
interface DecoderForm extends WireForm {
  readonly typeMeta: TypeMeta
  readonly omitted?: OmitTree | undefined
}

const NO_TYPE: TypeMeta = { apiVersion: undefined, kind: undefined }

/** A decoder has one `TypeMeta` for a kind, and one tree of what it omits: the first tells its objects from those of others. */
const forms = new WeakMap<TypeMeta, DecoderForm>()
let last: DecoderForm | undefined

/** Knows the objects that the decoders here make. */
export const wireCodec: WireCodec = {
  formOf(object) {
    if (!(object instanceof ProtobufObject || object instanceof JsonObject))
      return { encoding: object.encoding, typeMeta: NO_TYPE } as WireForm
    if (last?.typeMeta !== object.typeMeta) last = forms.get(object.typeMeta) ?? addForm(object)
    return last
  },
  revive<T>(
    { key, namespace, name, uid, resourceVersion }: Omit<Identity, 'kind' | 'isComplete'>,
    bytes: Uint8Array,
    form: WireForm,
  ): WireObject<T> {
    const { encoding, typeMeta, omitted } = form as DecoderForm
    const identity: Identity = { key, namespace, name, uid, resourceVersion, kind: undefined, isComplete: true }
    if (encoding === 'protobuf') return new ProtobufObject<T>(identity, bytes, typeMeta, omitted)
    return new JsonObject<T>(identity, bytes, typeMeta, omitted)
  },
  readPath: readWirePath,
}

function addForm({ encoding, typeMeta, omitted }: DecoderForm): DecoderForm {
  const form = { encoding, typeMeta, omitted }
  forms.set(typeMeta, form)
  return form
}
