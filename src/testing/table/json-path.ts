/** One step of a path: a field, an element, all elements, or those whose field has a value. */
type Step = { readonly key: string } | { readonly index: number } | { readonly all: true } | Filter

interface Filter {
  readonly field: readonly string[]
  readonly value: string
}

const STEP =
  /\.(?<field>(?:[^.[\]\\]|\\.)+)|\['(?<quoted>[^']*)'\]|\[(?<index>-?\d+)\]|\[(?<all>\*)\]|\[\?\(@\.(?<path>[\w.-]+)\s*==\s*['"](?<value>[^'"]*)['"]\)\]/y

/**
 * The part of JSONPath that columns of custom resources use: fields, elements by number, all of them, and those
 * that have a value: `.status.conditions[?(@.type=="Ready")].status`. undefined for anything beyond.
 */
export function parseJsonPath(path: string): readonly Step[] | undefined {
  const steps: Step[] = []
  STEP.lastIndex = 0
  while (STEP.lastIndex < path.length) {
    const groups = STEP.exec(path)?.groups
    if (groups === undefined) return undefined
    steps.push(stepOf(groups))
  }
  return steps
}

function stepOf({ field, quoted, index, all, path, value }: { [group: string]: string | undefined }): Step {
  if (index !== undefined) return { index: Number(index) }
  if (all !== undefined) return { all: true }
  if (path !== undefined) return { field: path.split('.'), value: value ?? '' }
  return { key: quoted ?? (field ?? '').replaceAll(/\\(.)/g, '$1') }
}

/** The first value at the path; undefined where there is none. */
export function firstAt(object: unknown, steps: readonly Step[]): unknown {
  let values: unknown[] = [object]
  for (const step of steps) values = values.flatMap((value) => follow(value, step))
  return values[0]
}

function follow(value: unknown, step: Step): unknown[] {
  if (typeof value !== 'object' || value === null) return []
  if ('key' in step) return Object.hasOwn(value, step.key) ? [(value as { [key: string]: unknown })[step.key]] : []
  if (!Array.isArray(value)) return 'all' in step ? Object.values(value) : []
  if ('all' in step) return value
  if ('index' in step) return step.index < value.length ? value.slice(step.index).slice(0, 1) : []
  return value.filter(
    (item) =>
      firstAt(
        item,
        step.field.map((key) => ({ key })),
      ) === step.value,
  )
}
