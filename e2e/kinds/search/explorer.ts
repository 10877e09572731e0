import { allFields, coveredPaths, type FieldNode, isRecord } from '../fields.ts'
import { deleteAt, type ObjectPath, setAt, valueAt } from '../object-path.ts'
import { ancestorsOf, growChain, growElement, holdersOf, type Seed } from './graft.ts'
import type { Probe } from './probe.ts'
import { offer, type Repair } from './repair.ts'
import type { ValueMaker } from './value-maker.ts'

type Body = Record<string, unknown>

export interface ExplorerOptions {
  /** Of the whole kind; covered paths are counted over them. */
  readonly nodes: readonly FieldNode[]
  /** Which fields are looked for. */
  readonly wants: (node: FieldNode) => boolean
  /** The object to begin with, each index under a name of its own. */
  readonly base: (index: number) => Body
  readonly probe: (object: Body) => Promise<Probe>
  readonly values: ValueMaker
  readonly maxVariants: number
  /** Places where nothing was taken, for a kind before this one: they are not worth many questions again. */
  readonly refused: Set<string>
}

/** Beginnings for a new object or element: what the parent began with, and the parent with this field alone. */
const SEEDINGS = ['as found', 'alone'] as const

/**
 * Looks for objects of a kind that have as many of its fields as the server takes. A field that is
 * refused beside its siblings, as the members of a union are, gets an element or an object of its own.
 */
export class Explorer {
  readonly covered: Set<string> = new Set()
  readonly variants: Body[] = []
  readonly #options: ExplorerOptions
  readonly #repair: Repair
  /** The smallest value that the server took for a message, by path. */
  readonly #seeds = new Map<string, unknown>()

  constructor(options: ExplorerOptions) {
    this.#options = options
    this.#repair = options
  }

  /** @throws Error if not even the minimal object is taken. */
  async run(): Promise<void> {
    const { base, nodes, probe, wants } = this.#options
    const first = base(0)
    const result = await probe(first)
    if (!result.isTaken) throw new Error(result.message)
    this.variants.push(first)
    coveredPaths(nodes, result.object, this.covered)
    for (const node of allFields(nodes)) await this.#enrich(node)
    for (let pass = 0; pass < 2; pass++) {
      const before = this.covered.size
      for (const node of allFields(nodes)) {
        if (wants(node) && !this.covered.has(node.path)) await this.#look(node)
      }
      if (this.covered.size === before) break
    }
    for (const node of allFields(nodes)) if (this.covered.has(node.path)) this.#options.refused.delete(placeOf(node))
  }

  /** What the object has already, or the server adds, may be had richer. */
  async #enrich(node: FieldNode): Promise<void> {
    const [variant] = this.variants
    const [holder] = this.#options.wants(node) ? holdersOf(variant, node) : []
    if (holder === undefined) return
    const path = [...holder, node.json]
    const isSent = valueAt(variant, path) !== undefined
    if (!isSent && !this.covered.has(node.path)) return
    for (const rich of this.#options.values.rich(node)) {
      if ((await this.#try(node, variant!, path, rich, 0)) === true) return
    }
  }

  async #look(node: FieldNode): Promise<void> {
    const { parent } = node
    const isThere = parent === undefined || this.covered.has(parent.path)
    if (!isThere && this.variants.every((variant) => holdersOf(variant, node).length === 0)) return
    const place = placeOf(node)
    const isHopeless = this.#options.refused.has(place)
    if (await this.#amongSiblings(node, isHopeless)) return
    if (!isHopeless && ((await this.#inNewElement(node)) || (await this.#inNewObject(node)))) return
    this.#options.refused.add(place)
  }

  async #amongSiblings(node: FieldNode, isHopeless: boolean): Promise<boolean> {
    const candidates = this.#options.values.candidates(node).slice(0, isHopeless ? 2 : Infinity)
    const places = this.variants
      .map((variant, index) => ({ variant, index, holders: holdersOf(variant, node) }))
      .filter(({ holders }) => holders.length > 0)
    for (const { variant, index, holders } of places.slice(0, isHopeless ? 2 : 6)) {
      const some = holders.length > 3 ? [holders[0]!, holders[1]!, holders.at(-1)!] : holders
      for (const [nth, holder] of some.entries()) {
        const limit = index === 0 && nth === 0 ? 16 : 6
        if (await this.#tryEach(node, variant, holder, candidates.slice(0, limit), index)) return true
      }
    }
    return this.#inDefault(node, candidates.slice(0, 6))
  }

  /** The parent was the server's own addition: the object as it was sent has no place for the field. */
  async #inDefault(node: FieldNode, candidates: readonly unknown[]): Promise<boolean> {
    const [variant] = this.variants
    if (variant === undefined || node.parent === undefined || holdersOf(variant, node).length > 0) return false
    const grown = structuredClone(variant)
    const holder = growChain(grown, [], ancestorsOf(node), this.#seed(node, 'alone'))
    return this.#tryEach(node, grown, holder, candidates, 0, holder)
  }

  async #inNewElement(node: FieldNode): Promise<boolean> {
    const candidates = this.#options.values.candidates(node).slice(0, 6)
    for (const [index, variant] of this.variants.slice(0, 2).entries()) {
      for (const seeding of SEEDINGS) {
        const grown = structuredClone(variant)
        const place = growElement(grown, node, this.#seed(node, seeding))
        if (place === undefined) return false
        if (await this.#tryEach(node, grown, place.holder, candidates, index, place.element)) return true
        if (await this.#instead(node, grown, place.holder, candidates, index, place.element)) return true
      }
    }
    return false
  }

  async #inNewObject(node: FieldNode): Promise<boolean> {
    const index = this.variants.length
    if (index >= this.#options.maxVariants) return false
    if (await this.#transplanted(node, index)) return true
    const candidates = this.#options.values.candidates(node).slice(0, 6)
    for (const seeding of SEEDINGS) {
      const grown = this.#options.base(index)
      const holder = growChain(grown, [], ancestorsOf(node), this.#seed(node, seeding))
      if (await this.#tryEach(node, grown, holder, candidates, index, [])) return true
      if (await this.#instead(node, grown, holder, candidates, index, [])) return true
    }
    return false
  }

  /** In the place of each sibling: the member of a union that the object began with, for one. */
  async #instead(
    node: FieldNode,
    original: Body,
    holder: ObjectPath,
    candidates: readonly unknown[],
    index: number,
    mendable: ObjectPath,
  ): Promise<boolean> {
    const siblings = valueAt(original, holder)
    if (!isRecord(siblings) || node.parent === undefined) return false
    const others = Object.keys(siblings).filter((json) => json !== node.json && json !== 'name')
    for (const other of others.slice(0, 8)) {
      const object = structuredClone(original)
      deleteAt(object, [...holder, other])
      if (await this.#tryEach(node, object, holder, candidates.slice(0, 4), index, mendable)) return true
    }
    return false
  }

  /** With an ancestor as the server took it elsewhere, if that has the field. */
  async #transplanted(node: FieldNode, index: number): Promise<boolean> {
    for (const ancestor of ancestorsOf(node)) {
      const having = this.#options.values.taken(ancestor).filter((value) => hasInside(ancestor, value, node))
      for (const value of having.slice(0, 2)) {
        const grown = this.#options.base(index)
        const holder = growChain(grown, [], ancestorsOf(ancestor), this.#seed(ancestor, 'as found'))
        const whole = ancestor.cardinality === '+' ? [value] : ancestor.cardinality === '%' ? { kf: value } : value
        if ((await this.#try(node, grown, [...holder, ancestor.json], whole, index)) === true) return true
      }
    }
    return false
  }

  async #tryEach(
    node: FieldNode,
    object: Body,
    holder: ObjectPath,
    candidates: readonly unknown[],
    index: number,
    mendable?: ObjectPath,
  ): Promise<boolean> {
    const path = [...holder, node.json]
    if (valueAt(object, path) !== undefined && mendable === undefined) return false
    let dropped = 0
    for (const candidate of candidates) {
      const verdict = await this.#try(node, object, path, candidate, index, mendable ?? path)
      if (verdict === true) return true
      // a gate or a strategy drops it whatever it is, or it has no business here
      if (verdict === 'forbidden' || (verdict === 'dropped' && ++dropped === 2)) return false
    }
    return false
  }

  async #try(
    node: FieldNode,
    original: Body,
    path: ObjectPath,
    value: unknown,
    index: number,
    mendable: ObjectPath = path,
  ): Promise<true | false | 'dropped' | 'forbidden'> {
    const trial = structuredClone(original)
    setAt(trial, path, structuredClone(value))
    const { object, result } = await offer(this.#repair, trial, mendable)
    if (!result.isTaken) {
      const own = result.causes.filter(({ field }) => field === node.path)
      return own.some(({ reason }) => reason === 'FieldValueForbidden') ? 'forbidden' : false
    }
    const found = coveredPaths(this.#options.nodes, result.object)
    if (!found.has(node.path)) return 'dropped'
    for (const covered of found) this.covered.add(covered)
    this.variants[index] = object
    this.#remember(node, valueAt(object, path))
    return true
  }

  #remember(node: FieldNode, value: unknown): void {
    if (node.children.length === 0) return
    const element = Array.isArray(value)
      ? value[0]
      : node.cardinality === '%'
        ? Object.values(value as object)[0]
        : value
    const known = this.#seeds.get(node.path)
    if (known !== undefined && JSON.stringify(known).length <= JSON.stringify(element).length) return
    this.#seeds.set(node.path, structuredClone(element))
  }

  #seed(node: FieldNode, seeding: (typeof SEEDINGS)[number]): Seed {
    return (ancestor) => {
      const minimal = this.#options.values.minimal(ancestor)
      if (seeding === 'alone' && ancestor === node.parent) return minimal
      return structuredClone(this.#seeds.get(ancestor.path) ?? minimal)
    }
  }
}

/** The end of the path: the same in a pod and in all that make pods. */
function placeOf({ owner, path }: FieldNode): string {
  return `${owner.slice(owner.lastIndexOf('.') + 1)} ${path.split('.').slice(-4).join('.')}`
}

function hasInside(ancestor: FieldNode, value: unknown, node: FieldNode): boolean {
  return coveredPaths(ancestor.children, value).has(node.path)
}
