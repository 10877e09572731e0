import type { Entry } from './entry.ts'

/** What a write did to the view. Entries are versions: reading one later gives what it was then. */
export type Change<T> =
  | { readonly type: 'added'; readonly object: Entry<T>; readonly isInitialList: boolean }
  | { readonly type: 'updated'; readonly object: Entry<T>; readonly previous: Entry<T>; readonly isResync: boolean }
  | {
      readonly type: 'deleted'
      readonly object: Entry<T>
      /** Where `object` is the final state as the server told it: the version before, in case that cannot be read. */
      readonly before?: Entry<T>
      readonly finalStateKnown: boolean
    }
