import { KINDS, MESSAGES } from './generated/schema.ts'

/**
 * One field of a Go struct, as both encodings have it. In the table it is one word,
 * `creationTimestamp:8~T`: the JSON name, the number, then
 *
 * - how Go holds it: nothing for a value, `*` pointer, `+` slice, `%` map by strings;
 * - when JSON leaves it out: nothing for "when empty", `!` never, `~` when it is the zero value, for
 *   types whose zero value is not "empty";
 * - its type: `s` string, `y` bytes, `b` bool, `i` int32, `l` int64, `d` double, `m` message, `n` message
 *   that JSON shows in place of the field, `k` message that JSON gives `kind` and `apiVersion`, `T` Time,
 *   `U` MicroTime, `D` Duration, `Q` Quantity, `I` IntOrString, `R` RawExtension, `F` FieldsV1, `J` JSON,
 *   and JSONSchemaProps or `A` a list of them, `B` a boolean, `C` a list of strings;
 * - its message, with the package where that is another one.
 */
export interface FieldSchema {
  readonly json: string
  readonly number: number
  readonly cardinality: '' | '*' | '+' | '%'
  readonly omit: '' | '!' | '~'
  readonly type: string
  readonly message: string
}

export interface MessageSchema {
  readonly name: string
  /** Go's order, which is JSON's. */
  readonly fields: readonly FieldSchema[]
  /** A Go slice: JSON has an array where protobuf has a message with one field, `items`. */
  readonly isList: boolean
}

/** What `apiVersion` and `kind` stand for. */
export interface KindSchema {
  readonly apiVersion: string
  readonly kind: string
  readonly message: string
}

/** The table in words, one entry a message, so that only messages that occur are taken apart. */
let lines: Map<string, string> | undefined
let kinds: Map<string, KindSchema> | undefined
let kindByMessage: Map<string, KindSchema> | undefined

/** The message of that name, `'core/v1.Pod'`, or undefined where the table has none. Builds a new object at each call. */
export function messageSchema(name: string): MessageSchema | undefined {
  lines ??= indexMessages()
  const line = lines.get(name)
  if (line === undefined) return undefined
  const [head = '', ...fields] = line.split(' ')
  const pkg = name.slice(0, name.lastIndexOf('.'))
  return { name, isList: head.startsWith('='), fields: fields.map((word) => fieldSchema(word, pkg)) }
}

/** Every message of the table, by name. */
export function messageNames(): Iterable<string> {
  lines ??= indexMessages()
  return lines.keys()
}

export function kindSchema(apiVersion: string, kind: string): KindSchema | undefined {
  kinds ??= indexKinds()
  return kinds.get(`${apiVersion}/${kind}`)
}

/** The kind whose message this is. */
export function kindOfMessage(message: string): KindSchema | undefined {
  kinds ??= indexKinds()
  kindByMessage ??= new Map([...kinds.values()].map((kind) => [kind.message, kind]))
  return kindByMessage.get(message)
}

function indexMessages(): Map<string, string> {
  const index = new Map<string, string>()
  let pkg = ''
  for (const line of MESSAGES.split('\n')) {
    if (line.startsWith('@')) {
      pkg = line.slice(1)
      continue
    }
    const space = line.indexOf(' ')
    const name = space < 0 ? line : line.slice(0, space)
    if (name !== '') index.set(`${pkg}.${name.startsWith('=') ? name.slice(1) : name}`, line)
  }
  return index
}

function indexKinds(): Map<string, KindSchema> {
  const index = new Map<string, KindSchema>()
  for (const line of KINDS.split('\n')) {
    const [apiVersion = '', pkg = '', ...names] = line.split(' ')
    for (const kind of names) index.set(`${apiVersion}/${kind}`, { apiVersion, kind, message: `${pkg}.${kind}` })
  }
  return index
}

const WORD = /^(?<json>[^:]*):(?<number>\d+)(?<cardinality>[*+%]?)(?<omit>[!~]?)(?<type>[a-zA-Z])(?<message>.*)$/

function fieldSchema(word: string, pkg: string): FieldSchema {
  const { json = '', number = '', cardinality = '', omit = '', type = '', message = '' } = WORD.exec(word)?.groups ?? {}
  return {
    json,
    number: Number(number),
    cardinality: cardinality as FieldSchema['cardinality'],
    omit: omit as FieldSchema['omit'],
    type,
    message: message === '' || message.includes('.') ? message : `${pkg}.${message}`,
  }
}
