import { ApiError, KubeflumeError } from '../api/errors.ts'
import type { ObjectKey } from '../api/key.ts'
import type { KubernetesObject } from '../api/object.ts'
import type { Resource } from '../api/resource.ts'
import type { WriteRequest, WriteTransport } from '../transport/write-transport.ts'
import { creationPath, objectPath } from './object-path.ts'
import { readAnswer } from './read-answer.ts'
import { wireText } from './wire-text.ts'

const JSON_TYPE = 'application/json'

/**
 * One object, read and replaced as a whole by those who agree on its `resourceVersion`. What they do not know of
 * it they send back as it came. Everything is sent once, and waits as long as its signal allows.
 */
export class HttpSingleObject<T extends KubernetesObject> {
  readonly #transport: WriteTransport
  readonly #path: string
  readonly #collection: string

  /** @throws {KubeflumeError} `ERR_KEY` */
  constructor(transport: WriteTransport, resource: Resource<T>, key: Exclude<ObjectKey, string>) {
    this.#transport = transport
    this.#path = objectPath(resource, key)
    this.#collection = creationPath(resource, key)
  }

  /** undefined: there is none. */
  async get(signal: AbortSignal): Promise<T | undefined> {
    try {
      const request = { path: this.#path, query: {}, accept: JSON_TYPE, compress: false, signal }
      return await this.#read(await this.#transport.get(request), `GET ${this.#path}`)
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) return undefined
      throw error
    }
  }

  /** @throws {ApiError} 409 if there is one */
  create(object: object, signal: AbortSignal): Promise<T> {
    return this.#write('POST', this.#collection, object, signal)
  }

  /** @throws {ApiError} 409 if it is another version than that of `object` */
  replace(object: T, signal: AbortSignal): Promise<T> {
    return this.#write('PUT', this.#path, object, signal)
  }

  async #write(method: 'POST' | 'PUT', path: string, object: object, signal: AbortSignal): Promise<T> {
    const request: WriteRequest = {
      method,
      path,
      query: {},
      accept: JSON_TYPE,
      contentType: JSON_TYPE,
      body: wireText(object),
      signal,
    }
    return this.#read(await this.#transport.send(request), `${method} ${path}`)
  }

  async #read({ body }: { readonly body: AsyncIterable<Uint8Array> }, title: string): Promise<T> {
    const object = await readAnswer(body, title)
    if (object !== undefined) return object as T
    throw new KubeflumeError('ERR_UNEXPECTED_KIND', `${title}: a Status instead of the object`)
  }
}
