/** Words that no constant can be called by in a module, of either kind. */
const RESERVED =
  'arguments await break case catch class const continue debugger default delete do else enum eval export exports extends false finally for function globalThis if implements import in instanceof interface let new null package private protected public require return static super switch this throw true try typeof undefined var void while with yield'

/** The names of one module: each is given out once. */
export class Names {
  readonly #taken: Set<string>

  constructor(taken: readonly string[]) {
    this.#taken = new Set([...RESERVED.split(' '), ...taken])
  }

  /** The name, with a number behind it where it is taken. */
  claim(wanted: string): string {
    let name = wanted
    for (let number = 2; this.#taken.has(name); number++) name = `${wanted}${number}`
    this.#taken.add(name)
    return name
  }
}

/** `issuerRef` becomes `IssuerRef`, and so does `issuer-ref`. */
export function pascalCase(text: string): string {
  const words = text.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
  return words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('') || 'Field'
}

/** `my-widgets` becomes `myWidgets`. */
export function camelCase(text: string): string {
  const [first = '', ...others] = text.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
  return first + others.map(pascalCase).join('')
}

/** A property as it stands in an interface: quoted where it is no identifier. */
export function propertyName(name: string): string {
  return /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(name) ? name : literal(name)
}

/** A value of JSON that is no object, as a literal type. */
export function literal(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value)
  const text = JSON.stringify(value)
    .slice(1, -1)
    .replaceAll(String.raw`\"`, '"')
  return value.includes("'") && !value.includes('"') ? `"${text}"` : `'${text.replaceAll("'", String.raw`\'`)}'`
}
