import type { WireObject } from '../api/wire-object.ts'
import type { KubernetesObject } from '../api/object.ts'
import type { ListMetadata } from '../api/wire-object.ts'
import type { Deadline } from '../internal/deadline.ts'
import { ofAnotherList } from './list-pages.ts'
import type { CollectionLister, Query } from './list-watcher.ts'

/** How far a list had come when it was cut. */
export interface Place {
  readonly resourceVersion: string
  readonly items: number
  readonly lastKey: string
}

export interface FoundPlace {
  /** With it the server goes on behind the place; undefined: nothing is behind it. */
  readonly token: string | undefined
  readonly bytesRead: number
}

/**
 * Asks for the token that leads behind the items that have come: a list of the same version, of as many
 * items, as metadata alone. The token stands before the items, and there the reading ends; the server
 * gives up the rest. Tokens are the server's own: none is built or read here.
 *
 * @throws {KubeflumeError} `ERR_RESOURCE_EXPIRED` where the version is no longer there,
 *   `ERR_CONTINUE_TOKEN` where it is another list
 */
export async function findPlace(
  lister: CollectionLister<KubernetesObject>,
  selectors: Query,
  place: Place,
  deadline: Deadline,
): Promise<FoundPlace> {
  const enough = new AbortController()
  let head: ListMetadata | undefined
  let last: WireObject | undefined
  let items = 0
  let bytesRead = 0
  try {
    const end = await lister.list(
      queryOf(selectors, place),
      {
        receive(chunk, progress) {
          deadline.progress()
          bytesRead = progress.bytesRead
          items += chunk.length
          last = chunk.at(-1) ?? last
          if (progress.head?.continue === undefined) return
          head = progress.head
          enough.abort()
        },
      },
      AbortSignal.any([deadline.signal, enough.signal]),
    )
    head ??= end
  } catch (error) {
    if (deadline.signal.aborted || head === undefined) throw error
  }
  if (head.resourceVersion !== place.resourceVersion)
    throw ofAnotherList(`version ${head.resourceVersion} where ${place.resourceVersion} was asked for`)
  const isEnd = items === place.items && last?.key === place.lastKey
  if (head.continue === undefined && !isEnd) throw ofAnotherList(`${items} items where ${place.items} had come`)
  return { token: head.continue, bytesRead }
}

function queryOf(selectors: Query, { resourceVersion, items }: Place): Query {
  return { ...selectors, resourceVersion, resourceVersionMatch: 'Exact', limit: String(items) }
}
