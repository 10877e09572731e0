import { MERGE_TABLE } from './merge-table.ts'

/** How a value merges with what is there, in a strategic merge patch and in an apply. */
export interface MergeMarks {
  /** A strategic merge patch merges the list instead of replacing it. */
  readonly mergesList: boolean
  /** The key by which it finds the elements to merge; undefined: they are plain values. */
  readonly mergeKey: string | undefined
  /** `$retainKeys` drops the other keys: of the object, or of the elements of the list. */
  readonly retainsKeys: boolean
  /** The keys by which an apply tells the elements of a list apart. */
  readonly listKeys: readonly string[] | undefined
  /** An apply takes the list for a set of values. */
  readonly isSet: boolean
  /** An apply owns and replaces the value as a whole. */
  readonly isAtomic: boolean
}

export const NO_MARKS: MergeMarks = {
  mergesList: false,
  mergeKey: undefined,
  retainsKeys: false,
  listKeys: undefined,
  isSet: false,
  isAtomic: false,
}

let table: Map<string, MergeMarks> | undefined

/** The marks of a field of a message, or of the message itself: `marksOf('core/v1.PodSpec', 'containers')`. */
export function marksOf(message: string, field: string | undefined): MergeMarks {
  table ??= readTable()
  return table.get(field === undefined ? message : `${message} ${field}`) ?? NO_MARKS
}

const WORD = /^(?<field>[^~!=[]*)(?<merges>~(?<key>\w*))?(?<retains>!)?(?:\[(?<keys>[^\]]*)\])?(?<atomic>=)?$/

function readTable(): Map<string, MergeMarks> {
  const marks = new Map<string, MergeMarks>()
  let pkg = ''
  for (const line of MERGE_TABLE.trim().split('\n')) {
    const [name = '', ...words] = line.split(' ')
    if (name.startsWith('@')) pkg = name.slice(1)
    for (const word of words) {
      const { field = '', merges, key, retains, keys, atomic } = WORD.exec(word)?.groups ?? {}
      marks.set(field === '' ? `${pkg}.${name}` : `${pkg}.${name} ${field}`, {
        mergesList: merges !== undefined,
        mergeKey: key === '' ? undefined : key,
        retainsKeys: retains !== undefined,
        listKeys: keys === undefined || keys === '' ? undefined : keys.split(','),
        isSet: keys === '',
        isAtomic: atomic !== undefined,
      })
    }
  }
  return marks
}
