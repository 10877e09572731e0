import type { Exchange } from '../exchange.ts'
import type { ContractCase } from '../contract-case.ts'
import { as, JSON_TYPE, PROTOBUF } from '../media-types.ts'
import { configMap, makePast } from '../objects.ts'

/** The past stays readable from snapshots until the server learns of the compaction, by asking now and then. */
function isGone({ status }: Exchange): boolean {
  return status === 410
}

/** Cases in which the storage forgets the past. They disturb every other case. */
export const compactionCases: readonly ContractCase[] = [
  {
    name: 'a LIST at a version that is forgotten',
    run: async (api) => {
      const { path, before } = await makePast(api)
      await api.compact()
      await api.getUntil(path, { query: { resourceVersion: before, resourceVersionMatch: 'Exact' } }, isGone)
      await api.get(path, { resourceVersion: before, limit: 2 })
      await api.get(path, { resourceVersion: before })
      await api.get(path, { resourceVersion: before, resourceVersionMatch: 'NotOlderThan' })
    },
  },
  {
    name: 'a LIST at version 1, Exact',
    run: async (api) => {
      const { path } = await makePast(api)
      await api.compact()
      await api.getUntil(path, { query: { resourceVersion: 1, resourceVersionMatch: 'Exact' } }, isGone)
    },
  },
  {
    name: 'a continued LIST of a state that is forgotten, and the way on from there',
    run: async (api) => {
      const { path } = await makePast(api)
      const first = await api.get(path, { limit: 2 })
      await api.setUp('POST', path, configMap('late'))
      await api.setUp('DELETE', `${path}/d`)
      await api.compact()
      const gone = await api.getUntil(path, { query: { limit: 2, continue: first.metadata.continue } }, isGone)
      const onward = await api.get(path, { limit: 2, continue: gone.metadata.continue })
      await api.get(path, { limit: 2, continue: onward.metadata?.continue })
    },
  },
  {
    name: 'a continued LIST with version 0 of a state that is forgotten',
    run: async (api) => {
      const { path } = await makePast(api)
      const first = await api.get(path, { limit: 1, labelSelector: 'color' })
      await api.setUp('POST', path, configMap('late'))
      await api.compact()
      const query = { limit: 1, labelSelector: 'color', continue: first.metadata.continue, resourceVersion: 0 }
      const gone = await api.getUntil(path, { query }, isGone)
      await api.get(path, { labelSelector: 'color', continue: gone.metadata.continue })
    },
  },
  forgottenEvents('', JSON_TYPE),
  forgottenEvents(' in protobuf', PROTOBUF),
  forgottenEvents(' as a Table', as('Table')),
]

/** Events have no cache: their watches begin in the storage. */
function forgottenEvents(name: string, accept: string): ContractCase {
  return {
    name: `a WATCH of events from a version that is forgotten${name}`,
    run: async (api) => {
      const { before } = await makePast(api)
      await api.compact()
      const path = `/api/v1/namespaces/${api.namespace}/events`
      const watch = await api.watch(path, { resourceVersion: before, timeoutSeconds: 5 }, { accept })
      if (api.transcript.at(-1)!.status === 200) await watch.rest()
    },
  }
}
