import { type FieldNode, isRecord } from '../fields.ts'

const MAX_VALUES = 40

/**
 * What the server took before, by field and by message, whatever the package: the pod that was found
 * once is the template of every workload, and v1 the beginning of v1beta1.
 */
export class Harvest {
  readonly #byField = new Map<string, Map<string, unknown>>()
  readonly #byMessage = new Map<string, Map<string, unknown>>()

  /** Takes in everything of an object that was accepted. */
  add(nodes: readonly FieldNode[], object: unknown): void {
    if (!isRecord(object)) return
    for (const node of nodes) {
      const value = object[node.json]
      if (value === undefined || value === null) continue
      keep(this.#byField, fieldKey(node), value)
      for (const element of elementsOf(node, value)) {
        if (node.children.length === 0) continue
        keep(this.#byMessage, shortName(node.field.message), element)
        this.add(node.children, element)
      }
    }
  }

  /** Whole values of the field, the largest first. */
  ofField(node: FieldNode): unknown[] {
    return largestFirst(this.#byField.get(fieldKey(node)))
  }

  /** Values of the field's message: of one element, where the field is an array or a map. */
  ofMessage(node: FieldNode): unknown[] {
    return largestFirst(this.#byMessage.get(shortName(node.field.message)))
  }
}

/** `Container.image`. */
export function fieldKey({ owner, json }: FieldNode): string {
  return `${shortName(owner)}.${json}`
}

function shortName(message: string): string {
  return message.slice(message.lastIndexOf('.') + 1)
}

function elementsOf({ cardinality }: FieldNode, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  return cardinality === '%' && isRecord(value) ? Object.values(value) : [value]
}

function keep(map: Map<string, Map<string, unknown>>, key: string, value: unknown): void {
  const values = map.get(key) ?? new Map<string, unknown>()
  // a copy: what was taken goes on growing
  map.set(key, values.set(JSON.stringify(value), structuredClone(value)))
  if (values.size <= MAX_VALUES) return
  const smallest = [...values.keys()].reduce((least, text) => (text.length < least.length ? text : least))
  values.delete(smallest)
}

function largestFirst(values: ReadonlyMap<string, unknown> | undefined): unknown[] {
  return [...(values ?? [])].toSorted(([a], [b]) => b.length - a.length).map(([, value]) => value)
}
