import type { Api, RequestParts } from '../api.ts'
import { configMap } from '../objects.ts'
import type { Event } from '../watch.ts'

/** A version that no server here ever reaches. */
export const FUTURE = '999999999'

export type Query = NonNullable<RequestParts['query']>

export const WATCH_LIST: Query = {
  sendInitialEvents: true,
  allowWatchBookmarks: true,
  resourceVersionMatch: 'NotOlderThan',
}

/** One object that comes, changes and goes: three events. */
export async function comeAndGo(api: Api, path: string): Promise<void> {
  await api.setUp('POST', path, configMap('new', { color: 'red' }))
  await api.setUp('PUT', `${path}/new`, configMap('new', { color: 'red' }, 'two'))
  await api.setUp('DELETE', `${path}/new`)
}

export function isBookmark({ type }: Event): boolean {
  return type === 'BOOKMARK'
}
