import { describe, expect, test } from 'vitest'
import { resources } from '../api/generated/index.ts'
import { metadataOnly } from '../api/resource.ts'
import { firstList, queryOf, relist } from './list-plan.ts'

const { pods, events } = resources.core.v1
const NEWER = { resourceVersion: '7', resourceVersionMatch: 'NotOlderThan' }

describe('the first list', () => {
  test.each([
    [pods, 'auto', 'latest', {}],
    [pods, 'stream', 'latest', {}],
    [pods, 'paged', 'latest', { limit: '500' }],
    [pods, 'watch-list', 'latest', { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan' }],
    [pods, 'auto', 'any', { resourceVersion: '0', limit: '500' }],
    [pods, 'stream', 'any', { resourceVersion: '0', limit: '500' }],
    [
      pods,
      'watch-list',
      'any',
      { resourceVersion: '0', sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan' },
    ],
    [events, 'auto', 'latest', { limit: '500' }],
    [events, 'stream', 'latest', {}],
    [resources.events.v1.events, 'auto', 'latest', { limit: '500' }],
    [metadataOnly(events), 'auto', 'latest', { limit: '500' }],
    [metadataOnly(pods), 'auto', 'latest', {}],
  ] as const)('of %j with %s and %s asks for %j', (resource, sync, freshness, query) => {
    expect(queryOf(firstList({ resource, sync, freshness }))).toEqual(query)
  })
})

describe('a relist', () => {
  test.each([
    ['7', 'stream', 'latest', NEWER],
    ['7', 'paged', 'latest', { ...NEWER, limit: '500' }],
    ['7', 'watch-list', 'latest', { ...NEWER, sendInitialEvents: 'true' }],
    ['7', 'stream', 'any', NEWER],
    [undefined, 'stream', 'latest', {}],
    [undefined, 'stream', 'any', { resourceVersion: '0', limit: '500' }],
  ] as const)(
    'after having seen %j, where lists begin as %s and %s, asks for %j',
    (lastSeen, sync, freshness, query) => {
      const plan = relist(lastSeen, firstList({ resource: pods, sync, freshness }), 'the watch expired')
      expect([queryOf(plan), plan.reason]).toEqual([query, 'the watch expired'])
    },
  )
})
