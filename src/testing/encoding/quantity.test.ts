import { expect, test } from 'vitest'
import { canonicalQuantity } from './quantity.ts'

test.each([
  ['0', '0'],
  ['0.0Gi', '0'],
  ['-0', '0'],
  ['1', '1'],
  ['+1', '+1'],
  ['100m', '100m'],
  ['1000m', '1'],
  ['0.5', '500m'],
  ['1.5', '1500m'],
  ['.5', '500m'],
  ['5.', '5.'],
  ['1500', '1500'],
  ['2000', '2k'],
  ['1000Mi', '1000Mi'],
  ['1024Mi', '1Gi'],
  ['1500Mi', '1500Mi'],
  ['0.5Gi', '512Mi'],
  ['0.1Gi', '107374182400m'],
  ['512Ki', '512Ki'],
  ['8Ki', '8Ki'],
  ['0.5Ki', '512'],
  ['-1.5Gi', '-1536Mi'],
  ['1e3', '1e3'],
  ['1000e3', '1e6'],
  ['1E3', '1E3'],
  ['1E', '1E'],
  ['12e-1', '1200e-3'],
  ['0.0000000001', '1n'],
  ['1.500', '1.500'],
  ['3M', '3M'],
  ['0.1m', '100u'],
  ['005Mi', '005Mi'],
  ['12345678901234567890', '12345678901234567890'],
  ['0.0005k', '500m'],
])('%s is written %s', (text, canonical) => {
  expect(canonicalQuantity(text)).toBe(canonical)
})

test.each(['', '1Zi', '1 Gi', '1e', 'a', '1.2.3'])('%j is no quantity', (text) => {
  expect(canonicalQuantity(text)).toBeUndefined()
})
