/** One media type that a client takes. */
export interface AcceptClause {
  readonly type: string
  readonly subtype: string
  readonly q: number
  readonly parameters: { readonly [name: string]: string }
}

/**
 * The clauses of an `Accept` header, the preferred ones first, as the server orders them: by q, then what is
 * named before what is not (`munnerz/goautoneg`, whose comparison is no order; hence the same sort).
 */
export function parseAccept(header: string): AcceptClause[] {
  const sorted: AcceptClause[] = []
  for (const part of header.split(',')) {
    const clause = parseClause(part)
    if (clause === undefined) continue
    sorted.push(clause)
    for (let at = sorted.length - 1; at > 0 && isBefore(clause, sorted[at - 1] as AcceptClause); at--) {
      sorted[at] = sorted[at - 1] as AcceptClause
      sorted[at - 1] = clause
    }
  }
  return sorted
}

function isBefore(one: AcceptClause, other: AcceptClause): boolean {
  if (one.q > other.q) return true
  if (one.type !== '*' && other.type === '*') return true
  return one.subtype !== '*' && other.subtype === '*'
}

function parseClause(part: string): AcceptClause | undefined {
  const [range = '', ...words] = part.split(';').map((word) => word.trim())
  const [type = '', subtype = type === '*' ? '*' : '', ...more] = range.split('/').map((word) => word.trim())
  if (subtype === '' || more.length > 0) return undefined
  const pairs = words.map((word) => word.split('=').map((side) => side.trim())).filter((pair) => pair.length === 2)
  const { q, ...parameters } = Object.fromEntries(pairs) as { [name: string]: string }
  return { type, subtype, q: q === undefined ? 1 : Number(q) || 0, parameters }
}
