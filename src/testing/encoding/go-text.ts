const PLAIN = /^[ !#-%'-;=?-[\]-~]*$/
const ESCAPED = /[<>&\u2028\u2029]/g

/** A string as Go's encoder writes it: what could end a script element is escaped, half characters are replaced. */
export function goText(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : escapeForHtml(JSON.stringify(text.toWellFormed()))
}

/** JSON with the escapes that Go adds. */
export function escapeForHtml(json: string): string {
  return json.replace(ESCAPED, escapeCharacter)
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** Go orders the keys of a map by their bytes in UTF-8, which is the order of code points. */
export function compareKeys(a: string, b: string): number {
  if (a === b) return 0
  for (let index = 0; ; index++) {
    const one = a.charCodeAt(index)
    const other = b.charCodeAt(index)
    if (one === other) continue
    if (Number.isNaN(one)) return -1
    if (Number.isNaN(other)) return 1
    // A surrogate stands for what lies behind every other unit, U+E000 to U+FFFF included.
    const isOneHigh = one >= 0xd800 && one < 0xe000
    const isOtherHigh = other >= 0xd800 && other < 0xe000
    return isOneHigh === isOtherHigh ? one - other : isOneHigh ? 1 : -1
  }
}

/** The keys that have a value, in Go's order. */
export function sortedKeysOf(map: object): string[] {
  return Object.keys(map).sort(compareKeys)
}

/** Any JSON value with sorted keys to the last leaf: how Go writes a custom resource. */
export function sortedJson(value: unknown): string {
  if (typeof value === 'string') return goText(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`
  let text = ''
  for (const key of sortedKeysOf(value)) {
    const child = (value as { readonly [key: string]: unknown })[key]
    if (child === undefined) continue
    text += `${text === '' ? '' : ','}${goText(key)}:${sortedJson(child)}`
  }
  return `{${text}}`
}
