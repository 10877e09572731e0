import { ApiError, KubeflumeError } from '../api/errors.ts'
import type { ObjectKey } from '../api/key.ts'
import type { DeepReadonly, KubernetesObject, New, ObjectMeta, Partially } from '../api/object.ts'
import { apiVersionOf, isMetadataOnly, type Resource } from '../api/resource.ts'
import { type Clock, systemClock } from '../internal/clock.ts'
import { Deadline } from '../internal/deadline.ts'
import { fenceOf } from '../internal/fence.ts'
import type { WriteRequest, WriteTransport } from '../transport/write-transport.ts'
import { editObject } from './edited-object.ts'
import { creationPath, keyIn, objectPath } from './object-path.ts'
import { readAnswer } from './read-answer.ts'
import { wireText, yamlText } from './wire-text.ts'
import type { ApplyOptions, DeleteOptions, PatchOptions, Writer, WriterOptions } from './writer.ts'

const JSON_TYPE = 'application/json'
const MERGE_PATCH = 'application/merge-patch+json'
const APPLY_PATCH = 'application/apply-patch+yaml'

/** Longer than the minute after which a server gives up a write by itself and says so. */
const DEADLINE_MS = 90_000

type Write = Pick<WriteRequest, 'method' | 'path' | 'contentType' | 'body'> & {
  readonly query?: { readonly [name: string]: string | undefined }
}

/** Writes by a transport that it does not own. */
export class HttpWriter<T extends KubernetesObject> implements Writer<T> {
  readonly #transport: WriteTransport
  readonly #resource: Resource<T>
  readonly #signal: AbortSignal
  readonly #clock: Clock
  /** Of all writes but deletes. */
  readonly #query: { readonly fieldValidation: string; readonly fieldManager: string | undefined }

  /** @throws {KubeflumeError} `ERR_OPTION` for a resource of metadata alone */
  constructor(transport: WriteTransport, resource: Resource<T>, options: WriterOptions) {
    if (isMetadataOnly(resource)) {
      const message = `${resource.plural} as metadata alone can only be read: write them by the resource itself`
      throw new KubeflumeError('ERR_OPTION', message)
    }
    const { fieldValidation = 'Strict', fieldManager, signal = new AbortController().signal, clock } = options
    this.#transport = transport
    this.#resource = resource
    this.#query = { fieldValidation, fieldManager }
    this.#signal = signal
    this.#clock = clock ?? systemClock
  }

  async create(object: New<T>): Promise<T> {
    return this.#writeObject({
      method: 'POST',
      path: creationPath(this.#resource, object.metadata),
      contentType: JSON_TYPE,
      body: wireText(this.#typed(object)),
      query: this.#query,
    })
  }

  async apply(object: Partially<T>, { fieldManager, force = false, subresource }: ApplyOptions): Promise<T> {
    if (!fieldManager) throw new KubeflumeError('ERR_OPTION', 'apply needs a fieldManager')
    const { metadata } = object as { readonly metadata?: Partially<ObjectMeta> }
    return this.#writeObject({
      method: 'PATCH',
      path: objectPath(this.#resource, keyIn(metadata), subresource),
      contentType: APPLY_PATCH,
      body: yamlText(wireText({ ...this.#typed(object), metadata: appliedMetadata(metadata) })),
      query: { ...this.#query, fieldManager, force: String(force) },
    })
  }

  async patch(current: DeepReadonly<T>, edit: (draft: T) => void, options: PatchOptions = {}): Promise<T> {
    const path = objectPath(this.#resource, keyIn(current.metadata), options.subresource)
    const { object, patch } = editObject(current, edit, options.lock)
    if (patch === undefined) return object
    const body = wireText(patch)
    return this.#writeObject({ method: 'PATCH', path, contentType: MERGE_PATCH, body, query: this.#query })
  }

  async delete(object: ObjectKey | DeepReadonly<T>, options: DeleteOptions = {}): Promise<T | undefined> {
    const metadata = typeof object === 'object' && 'metadata' in object ? object.metadata : undefined
    const uid = options.uid ?? metadata?.uid
    const deleteOptions = {
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      propagationPolicy: options.propagation,
      preconditions: uid === undefined ? undefined : { uid },
    }
    return this.#write({
      method: 'DELETE',
      path: objectPath(this.#resource, metadata === undefined ? (object as ObjectKey) : keyIn(metadata)),
      contentType: JSON_TYPE,
      body: wireText(deleteOptions),
    })
  }

  /** Another type than the resource's is left to be refused by the server. */
  #typed(object: object): object {
    const { apiVersion, kind } = object as Partial<KubernetesObject>
    const { kind: ownKind } = this.#resource
    return { ...object, apiVersion: apiVersion ?? apiVersionOf(this.#resource), kind: kind ?? ownKind }
  }

  async #writeObject(write: Write): Promise<T> {
    const object = await this.#write(write)
    if (object !== undefined) return object
    throw new KubeflumeError('ERR_UNEXPECTED_KIND', `${write.method} ${write.path}: a Status instead of the object`)
  }

  async #write({ query = {}, ...write }: Write): Promise<T | undefined> {
    const title = `${write.method} ${write.path}`
    const late = () =>
      new KubeflumeError('ERR_SERVER_SILENT', `${title}: no answer within ${DEADLINE_MS / 1000} s`, { retryable: true })
    const fence = fenceOf(this.#signal)
    fence.check()
    using deadline = new Deadline(this.#signal, this.#clock, DEADLINE_MS, late)
    const { signal } = deadline
    let isUnderWay = false
    const beforeSend = (): void => {
      fence.check()
      if (!isUnderWay) fence.sent()
      isUnderWay = true
    }
    const answered = (): void => {
      if (isUnderWay) fence.answered()
      isUnderWay = false
    }
    try {
      const request = { ...write, query: given(query), accept: JSON_TYPE, signal, beforeSend }
      const { body } = await this.#transport.send(request)
      answered()
      return (await readAnswer(body, title)) as T | undefined
    } catch (error) {
      if (isRefusal(error)) answered()
      throw error
    }
  }
}

/** The server says that it has not been done. A 5xx leaves that open. */
function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && error.status < 500
}

/** Without what the server refuses in an apply, and what it would overwrite. */
function appliedMetadata(metadata: Partially<ObjectMeta> | undefined): object {
  const {
    managedFields: _managedFields,
    creationTimestamp: _creationTimestamp,
    generation: _generation,
    deletionTimestamp: _deletionTimestamp,
    deletionGracePeriodSeconds: _deletionGracePeriodSeconds,
    selfLink: _selfLink,
    ...applied
  } = metadata ?? {}
  return applied
}

function given(query: { readonly [name: string]: string | undefined }): { readonly [name: string]: string } {
  return Object.fromEntries(Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined))
}
