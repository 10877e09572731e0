import { ApiError } from '../api/errors.ts'
import type { Lease } from '../api/generated/index.ts'
import type { LeaseAccess } from './lease-candidate.ts'

type Verb = 'get' | 'create' | 'replace'

/** How a request goes on its way: called before the server sees it and after, and may wait or throw. */
export interface Way {
  there?(verb: Verb): Promise<void>
  back?(verb: Verb): Promise<void>
}

/** One Lease with optimistic locking, as a server keeps it, in memory. */
export class LeaseKeeper {
  /** What was asked, in order: `a get`, `b replace`. */
  readonly requests: string[] = []
  #lease: Lease | undefined
  #version = 0

  get lease(): Lease | undefined {
    return structuredClone(this.#lease)
  }

  /** As anybody may change it; undefined: it is deleted. */
  put(spec: Lease['spec'] | undefined): void {
    this.#lease = spec === undefined ? undefined : this.#next({ ...this.#lease?.metadata, name: 'lease' }, spec)
  }

  /** The lease for one client. A request goes on after its signal has aborted, as in a network; its answer does not come. */
  access(client: string, way: Way = {}): LeaseAccess {
    const ask = async <T>(verb: Verb, signal: AbortSignal, serve: () => T): Promise<T> => {
      signal.throwIfAborted()
      this.requests.push(`${client} ${verb}`)
      const aborted = Promise.withResolvers<never>()
      signal.addEventListener('abort', () => aborted.reject(signal.reason), { once: true })
      return Promise.race([exchange(way, verb, serve), aborted.promise])
    }
    return {
      get: (signal) => ask('get', signal, () => this.lease),
      create: (lease, signal) => ask('create', signal, () => this.#create(lease as Lease)),
      replace: (lease, signal) => ask('replace', signal, () => this.#replace(lease)),
    }
  }

  #create({ metadata, spec }: Lease): Lease {
    if (this.#lease !== undefined) throw new ApiError(409, 'it is there already')
    this.#lease = this.#next(metadata, spec)
    return structuredClone(this.#lease)
  }

  #replace({ metadata, spec }: Lease): Lease {
    if (this.#lease === undefined) throw new ApiError(404, 'it is not there')
    if (metadata.resourceVersion !== this.#lease.metadata.resourceVersion) throw new ApiError(409, 'another version')
    this.#lease = this.#next(metadata, spec)
    return structuredClone(this.#lease)
  }

  #next(metadata: object, spec: Lease['spec']): Lease {
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec } as Lease
    return { ...structuredClone(lease), metadata: { ...lease.metadata, resourceVersion: String(++this.#version) } }
  }
}

async function exchange<T>(way: Way, verb: Verb, serve: () => T): Promise<T> {
  await way.there?.(verb)
  const answer = serve()
  await way.back?.(verb)
  return answer
}
