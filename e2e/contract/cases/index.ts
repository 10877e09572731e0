import type { ContractCase } from '../contract-case.ts'
import { deleteCases } from './deletes.ts'
import { discoveryCases } from './discovery.ts'
import { errorCases } from './errors.ts'
import { formCases } from './forms.ts'
import { listCases } from './list.ts'
import { patchCases } from './patches.ts'
import { selectorCases } from './selectors.ts'
import { watchListCases } from './watch-lists.ts'
import { watchRefusalCases } from './watch-refusals.ts'
import { watchCases } from './watch.ts'
import { writeCases } from './writes.ts'

/** All that may run beside each other. */
export const cases: readonly ContractCase[] = [
  ...listCases,
  ...selectorCases,
  ...formCases,
  ...watchCases,
  ...watchListCases,
  ...watchRefusalCases,
  ...errorCases,
  ...discoveryCases,
  ...writeCases,
  ...patchCases,
  ...deleteCases,
]
