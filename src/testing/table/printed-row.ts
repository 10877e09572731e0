import type { AnyObject } from '../encoding/encoding.ts'

/** `metav1.TableColumnDefinition`; a priority above 0 is what `-o wide` shows. */
export interface Column {
  readonly name: string
  readonly type: string
  readonly format: string
  readonly description: string
  readonly priority: number
}

export interface PrintedRow {
  readonly cells: readonly unknown[]
  /** Of an object that has reached its end, which kubectl may leave out. */
  readonly conditions?: readonly RowCondition[] | undefined
}

export interface RowCondition {
  readonly type: string
  readonly status: string
  readonly reason: string
  readonly message: string
}

/** Makes the cells of an object, those with a priority included. `now` is in milliseconds. */
export type PrintRow = (object: AnyObject, now: number) => PrintedRow
