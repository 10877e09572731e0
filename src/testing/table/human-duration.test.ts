import { expect, test } from 'vitest'
import { ageOf, humanDuration } from './human-duration.ts'

const S = 1000
const M = 60 * S
const H = 60 * M
const D = 24 * H

test.each([
  [-2 * S, '<invalid>'],
  [-S, '0s'],
  [119 * S, '119s'],
  [2 * M, '2m'],
  [9 * M + 59 * S, '9m59s'],
  [179 * M, '179m'],
  [3 * H, '3h'],
  [7 * H + 59 * M, '7h59m'],
  [47 * H, '47h'],
  [2 * D, '2d'],
  [7 * D + 23 * H, '7d23h'],
  [729 * D, '729d'],
  [730 * D, '2y'],
  [3 * 365 * D + D, '3y1d'],
  [8 * 365 * D, '8y'],
])('%d ms are shown as %s', (ms, text) => expect(humanDuration(ms)).toBe(text))

test('what has no date has no age', () => expect(ageOf(null, 0)).toBe('<unknown>'))
