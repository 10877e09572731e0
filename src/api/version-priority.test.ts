import { expect, test } from 'vitest'
import { byVersionPriority } from './version-priority.ts'

test('versions are in the order of apimachinery, whatever the locale', () => {
  // the example of CompareKubeAwareVersionStrings (pkg/version/helpers.go)
  const ordered = 'v10 v2 v1 v11beta2 v10beta3 v3beta1 v12alpha1 v11alpha2 foo1 foo10'.split(' ')
  expect(ordered.toReversed().toSorted(byVersionPriority)).toEqual(ordered)
  expect(['a-b', 'a0', 'Z'].toSorted(byVersionPriority)).toEqual(['Z', 'a-b', 'a0'])
})
