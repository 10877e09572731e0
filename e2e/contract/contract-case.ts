import type { Api } from './api.ts'

/** A small script that runs on both servers alike. It asserts nothing: its transcript is what is compared. */
export interface ContractCase {
  /** Finishes "answers as kube-apiserver does": `a LIST with a limit`. One of its kind. */
  readonly name: string
  /** The releases that it makes sense for. @default all */
  readonly releases?: readonly string[]
  /** managedFields are compared, too. @default false */
  readonly keepsManagedFields?: boolean
  readonly run: (api: Api) => Promise<void>
}
