import type { Resource } from '../../api/resource.ts'
import type { ServedResource } from '../catalog/registry.ts'
import type { StatusCause } from '../status.ts'

/** How often a fault strikes: the next request that it fits, unless said otherwise; `Infinity` is until `clear()`. */
export interface Times {
  /** @default 1 */
  readonly times?: number | undefined
}

/** Which requests a fault fits; all of them, where nothing is said. */
export interface Matching extends Times {
  /** `'list'`, `'watch'`, `'get'`, `'create'`, `'update'`, `'patch'`, `'delete'`, `'deletecollection'` */
  readonly verb?: string | undefined
  readonly resource?: Pick<Resource, 'group' | 'plural'> | undefined
}

/** Any answer at all, in place of the true one. */
export interface AnswerFault extends Matching {
  /** The HTTP status. */
  readonly status: number
  /** Of the Status body; by default the usual reason of that status. */
  readonly reason?: string | undefined
  readonly message?: string | undefined
  readonly causes?: readonly StatusCause[] | undefined
  /** Sent as the Retry-After header as it is; a number also as `details.retryAfterSeconds`. */
  readonly retryAfter?: string | number | undefined
  readonly headers?: { readonly [name: string]: string } | undefined
  /** Instead of a Status: text as it is, anything else as JSON. */
  readonly body?: string | object | undefined
  /** @default 'application/json' */
  readonly contentType?: string | undefined
}

/** Where in its body a LIST goes wrong. Without a place: at once after its head. */
export interface ListPlace extends Matching {
  readonly afterItems?: number | undefined
}

export interface CutFault extends ListPlace {
  /** Exactly so many bytes of the body are sent, in place of `afterItems`. */
  readonly afterBytes?: number | undefined
  /** How the body ends: the connection closes, is reset, or the body ends as if it were whole. @default 'close' */
  readonly by?: 'close' | 'reset' | 'end' | undefined
}

export interface GarbleFault extends ListPlace {
  /** @default '\u0000garbage' */
  readonly text?: string | undefined
}

/** What a request is, as far as faults go by it. */
export interface Struck {
  readonly verb: string
  readonly served: ServedResource | undefined
}

interface Charge<T> {
  readonly fault: T
  left: number
}

/** Faults of one kind that wait for the requests they strike, in the order in which they were ordered. */
export class Charges<T extends Matching> {
  #charges: Charge<T>[] = []

  add(fault: T): void {
    this.#charges.push({ fault, left: fault.times ?? 1 })
  }

  /** The fault that strikes this request; it is used up by one. */
  take(request: Struck): T | undefined {
    const charge = this.#charges.find(({ fault }) => fits(fault, request))
    if (charge === undefined) return undefined
    if (--charge.left <= 0) this.#charges = this.#charges.filter((other) => other !== charge)
    return charge.fault
  }

  clear(): void {
    this.#charges = []
  }
}

function fits({ verb, resource, times }: Matching, request: Struck): boolean {
  if (times === 0) return false
  if (verb !== undefined && verb !== request.verb) return false
  if (resource === undefined) return true
  const served = request.served?.resource
  return served !== undefined && resource.group === served.group && resource.plural === served.plural
}

/** What is to go wrong, for whoever answers a request to look up. */
export class FaultPlan {
  readonly reject: Charges<Matching> = new Charges()
  readonly answer: Charges<AnswerFault> = new Charges()
  readonly cutList: Charges<CutFault> = new Charges()
  readonly stallList: Charges<ListPlace> = new Charges()
  readonly appendStatus: Charges<ListPlace> = new Charges()
  readonly garbleList: Charges<GarbleFault> = new Charges()
  readonly repeatContinueToken: Charges<Matching> = new Charges()
  readonly omitResourceVersion: Charges<Matching> = new Charges()
  readonly closeWatch: Charges<Matching> = new Charges()
  readonly stallWatch: Charges<Matching> = new Charges()
  readonly refuseWatchList: Charges<Matching> = new Charges()
  readonly withholdInitialEventsEnd: Charges<Matching> = new Charges()
  /** Events that reach no watcher. */
  eventsToLose = 0

  clear(): void {
    for (const charges of Object.values(this)) {
      if (charges instanceof Charges) charges.clear()
    }
    this.eventsToLose = 0
  }
}
