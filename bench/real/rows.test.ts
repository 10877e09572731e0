import { describe, expect, test } from 'vitest'
import { costRows } from './cost-rows.ts'
import { realRows, syncedMs } from './rows.ts'

describe('the rows of a real server', () => {
  const samples = {
    'curl protobuf list': [
      { figures: { seconds: 0.5, status: 200 } },
      { figures: { seconds: 0.4, status: 200 } },
      { figures: { seconds: 0.1, status: 429 } },
    ],
    'kubeflume protobuf list': [
      { figures: { syncedMs: 600 } },
      { error: 'it ended without a word' },
      { figures: { syncedMs: 500 } },
    ],
  }

  test('take ratios within a round, of the rounds in which both had everything', () => {
    expect(realRows(samples)).toEqual([
      { what: 'kubeflume protobuf list / curl protobuf list', values: [1.2], atMost: 1.2 },
    ])
  })

  test('do not count an answer that is no list', () => {
    expect(syncedMs(samples, 'curl protobuf list')).toEqual([500, 400, undefined])
  })
})

describe('the rows of what clients cost a server', () => {
  const cost = (peakBytes: number): { beforeBytes: number; peakBytes: number; serverCpuMs: number; allMs: number } => {
    return { beforeBytes: 500, peakBytes, serverCpuMs: 1, allMs: 1 }
  }

  test("hold each client's peaks against those of curl with the same request", () => {
    const samples = {
      '1.36': {
        'curl protobuf list': [cost(1000), cost(2000)],
        'curl protobuf watch-list': [cost(4000), cost(4000)],
        'kubeflume protobuf list': [cost(1100), cost(2000)],
        'client-go protobuf watch-list': [cost(2000), cost(8000)],
      },
    }
    expect(costRows(samples)).toEqual([
      { server: '1.36', what: 'kubeflume protobuf list', values: [1.1, 1], atMost: 1.1 },
      { server: '1.36', what: 'client-go protobuf watch-list', values: [0.5, 2] },
    ])
  })
})
