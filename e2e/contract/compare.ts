import { isDeepStrictEqual } from 'node:util'
import type { Exchange } from './exchange.ts'

/** Where two transcripts of a case say different things. */
export interface Found {
  /** `/2/body/items/0/metadata/name`: in the third exchange. */
  readonly at: string
  readonly request: string
  readonly real: unknown
  readonly ours: unknown
}

/** Every place where they differ, as deep inside as both have it. */
export function compare(real: readonly Exchange[], ours: readonly Exchange[]): Found[] {
  const length = Math.max(real.length, ours.length)
  return Array.from({ length }, (_, index) => {
    const request = (real[index] ?? ours[index])!.request
    return [...differencesIn(real[index], ours[index], `/${index}`)].map((found) => ({ ...found, request }))
  }).flat()
}

export function describeFound({ at, request, real, ours }: Found): string {
  return `${request}\n  at ${at}\n  real: ${shown(real)}\n  ours: ${shown(ours)}`
}

function* differencesIn(real: unknown, ours: unknown, at: string): Generator<Omit<Found, 'request'>> {
  if (isDeepStrictEqual(real, ours)) return
  if (isContainer(real) && isContainer(ours) && Array.isArray(real) === Array.isArray(ours)) {
    for (const key of new Set([...Object.keys(real), ...Object.keys(ours)])) {
      yield* differencesIn(real[key], ours[key], `${at}/${key}`)
    }
    return
  }
  yield { at, real, ours }
}

function isContainer(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null
}

function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > 1_000 ? `${text.slice(0, 1_000)}…` : text
}
