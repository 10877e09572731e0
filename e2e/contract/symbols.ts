import type { Exchange } from './exchange.ts'

/** Versions that a case made up are below or above all that a server gives out. */
const MADE_UP = { below: 10n, above: 900_000_000n }
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/
const AGE = /^(\d+[smh]){1,2}$|^<invalid>$/
const UID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g
/** Where a text speaks of versions: `Too large resource version: 12, current: 7`, `too old resource version: 3 (9)`. */
const VERSIONS_IN_TEXT =
  /((?:resource ?version|current|precondition|object meta)s?"?: "?|in record \()(\d+)(?: \((\d+)\))?(?![\w-])/gi

/**
 * Replaces what differs from run to run by symbols that keep what it means: identities by order of first
 * appearance, versions of objects by their order in time, versions of states by the last object before
 * them (`rv3~`: at `rv3` or after it, before `rv4`).
 */
export function withSymbols(transcript: readonly Exchange[], keepsManagedFields: boolean): Exchange[] {
  const symbols = new Symbols()
  symbols.collect(transcript)
  return symbols.rewrite(transcript, keepsManagedFields) as Exchange[]
}

class Symbols {
  readonly #texts = new Map<string, string>()
  readonly #counts = new Map<string, number>()
  readonly #versions = new Set<bigint>()

  collect(value: unknown): void {
    if (!isContainer(value)) return
    const { uid, name, generateName, resourceVersion, message } = value
    if (isText(uid)) this.#add(uid, 'uid')
    if (isText(message)) for (const [found] of message.matchAll(UID)) this.#add(found, 'uid')
    if (isText(value['continue'])) this.#add(value['continue'], 'token')
    if (isText(name) && isText(generateName) && name !== generateName) this.#add(name, `${generateName}name`)
    if (isText(name) && isText(resourceVersion) && isNumber(resourceVersion))
      this.#versions.add(BigInt(resourceVersion))
    for (const inner of Object.values(value)) this.collect(inner)
  }

  rewrite(value: unknown, keepsManagedFields: boolean, key = '', holder: object = {}): unknown {
    if (typeof value === 'string') return this.#text(value, key, holder)
    if (Array.isArray(value)) return value.map((inner) => this.rewrite(inner, keepsManagedFields, key))
    if (!isContainer(value)) return value
    const entries = Object.entries(value).filter(([name]) => keepsManagedFields || name !== 'managedFields')
    return Object.fromEntries(
      entries.map(([name, inner]) => [this.#replaced(name), this.rewrite(inner, keepsManagedFields, name, value)]),
    )
  }

  #add(text: string, kind: string): void {
    if (this.#texts.has(text)) return
    const number = (this.#counts.get(kind) ?? 0) + 1
    this.#counts.set(kind, number)
    this.#texts.set(text, `<${kind} ${number}>`)
  }

  #text(value: string, key: string, holder: object): string {
    if (TIME.test(value)) return value.includes('.') ? '<time with fraction>' : '<time>'
    if (key === 'cells' && AGE.test(value)) return '<age>'
    if (key === 'resourceVersion') return this.#version(value, 'name' in holder)
    return this.#replaced(value)
  }

  #replaced(text: string): string {
    let replaced = text.replaceAll(/127\.0\.0\.1:\d+/g, '<address>')
    for (const [from, to] of this.#texts) replaced = replaced.replaceAll(from, to)
    replaced = replaced.replaceAll(
      /(resourceVersion=)(\d+)/g,
      (_all, name: string, version: string) => name + this.#version(version),
    )
    return replaced.replaceAll(VERSIONS_IN_TEXT, (_all, before: string, one: string, other?: string) => {
      const second = other === undefined ? '' : ` (${this.#version(other)})`
      return before + this.#version(one) + second
    })
  }

  /** Of an object, or of a state: what a LIST, a bookmark or a request has. */
  #version(text: string, isOfObject = false): string {
    if (!isNumber(text)) return text
    const version = BigInt(text)
    if (version < MADE_UP.below || version > MADE_UP.above) return text
    const rank = [...this.#versions].filter((known) => known <= version).length
    return isOfObject ? `rv${rank}` : `rv${rank}~`
  }
}

function isContainer(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}

function isNumber(text: string): boolean {
  return /^\d+$/.test(text)
}
