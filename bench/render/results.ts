import { existsSync, readFileSync } from 'node:fs'
import type { CostRow, CostSample } from '../real/cost-rows.ts'
import type { RealRow } from '../real/rows.ts'
import { resultFile } from '../result-file.ts'
import type { Row } from '../sync/rows.ts'
import type { Outcome } from '../sync/run-scenario.ts'

/** What every result begins with. */
export interface ResultHead {
  readonly commit: string
  readonly isModified: boolean
  readonly date: string
  readonly node: string
  readonly cpu: string
  readonly cores: number
  readonly memoryBytes: number
  readonly kernel: string
  readonly [version: string]: unknown
}

export interface CompareGroup {
  readonly name: string
  readonly rounds: number
  readonly loads: readonly number[]
  readonly scenarios: readonly string[]
}

export interface CompareResult extends ResultHead {
  readonly groups: readonly CompareGroup[]
  readonly samples: { readonly [scenario: string]: readonly Outcome[] }
}

export interface StoreResult extends ResultHead {
  readonly rounds: number
  readonly loads: readonly number[]
  readonly rows: readonly Row[]
}

export interface RealResult extends ResultHead {
  readonly kubernetes: string
  readonly pods: number
  readonly loads: readonly number[]
  readonly rows: readonly RealRow[]
  readonly samples: { readonly [client: string]: readonly Outcome[] }
}

export interface ServerResult extends ResultHead {
  readonly secrets: number
  readonly clients: number
  readonly loads: readonly number[]
  readonly rows: readonly CostRow[]
  readonly samples: { readonly [server: string]: { readonly [client: string]: readonly CostSample[] } }
}

/** All that has been measured and kept; what is absent has not been. */
export interface Results {
  readonly compare?: CompareResult
  readonly store?: StoreResult
  /** The same of kubeflume alone, in a Node with a smaller young generation. */
  readonly 'store-semi-space'?: StoreResult
  readonly real?: RealResult
  readonly server?: ServerResult
}

export function readResults(): Results {
  const found: Record<string, unknown> = {}
  for (const name of ['compare', 'store', 'store-semi-space', 'real', 'server']) {
    const file = resultFile(name)
    if (existsSync(file)) found[name] = JSON.parse(readFileSync(file, 'utf8'))
  }
  return found
}
