import { KubeflumeError } from './errors.ts'

/** All of its conditions must hold; none is no condition. Operators are `In`, `NotIn`, `Exists` and `DoesNotExist`. */
export interface LabelSelector {
  readonly matchLabels?: { readonly [label: string]: string } | undefined
  readonly matchExpressions?:
    | readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] | undefined }[]
    | undefined
}

/** A label selector as kubectl takes it (`'app=web,tier in (a, b),!old'`), or as objects in Kubernetes spell it. */
export type Selector = string | LabelSelector

/** One condition of a selector. Objects match a selector when they meet all of its requirements. */
export interface Requirement {
  readonly key: string
  readonly operator: 'in' | 'notin' | 'exists' | 'absent' | 'gt' | 'lt'
  readonly values: readonly string[]
}

type Labels = { readonly [label: string]: string } | undefined

const NAME = '[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?'
const KEY = new RegExp(`^(?:[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?/)?${NAME}$`)
const VALUE = new RegExp(`^(?:${NAME})?$`)
const SET = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/
const COMPARISON = /^([^\s=!<>]+)\s*(==|=|!=|>|<)\s*([^\s=!<>]*)$/
const EXPRESSION_OPERATORS: { readonly [operator: string]: Requirement['operator'] } = {
  In: 'in',
  NotIn: 'notin',
  Exists: 'exists',
  DoesNotExist: 'absent',
}

/**
 * Reads a selector into its requirements.
 *
 * @throws {KubeflumeError} `ERR_SELECTOR`, by the same rules by which the server would answer 400.
 */
export function parseSelector(selector: Selector): readonly Requirement[] {
  const requirements =
    typeof selector === 'string' ? splitTopLevel(selector).map(parseTerm) : parseLabelSelector(selector)
  for (const requirement of requirements) validate(requirement, selector)
  return requirements
}

/** The selector in the form in which it goes into a URL; undefined where it selects everything. */
export function formatSelector(selector: Selector): string | undefined {
  const text = parseSelector(selector).map(formatRequirement).join(',')
  return text === '' ? undefined : text
}

/** As the server decides it: `!=` and `notin` match objects that lack the label; `>` and `<` compare whole numbers. */
export function matchesLabels(requirements: readonly Requirement[], labels: Labels): boolean {
  return requirements.every(({ key, operator, values }) => {
    const value = labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined
    switch (operator) {
      case 'exists':
        return value !== undefined
      case 'absent':
        return value === undefined
      case 'in':
        return value !== undefined && values.includes(value)
      case 'notin':
        return value === undefined || !values.includes(value)
      case 'gt':
        return isWhole(value) && BigInt(value) > BigInt(values[0]!)
      case 'lt':
        return isWhole(value) && BigInt(value) < BigInt(values[0]!)
      default:
        return operator satisfies never
    }
  })
}

/**
 * Checks the form of a field selector (`'spec.nodeName=a,status.phase!=Failed'`); which fields exist
 * is for the server to say.
 *
 * @throws {KubeflumeError} `ERR_SELECTOR`
 */
export function checkFieldSelector(selector: string): string {
  const terms = selector.split(/(?<!\\),/)
  if (terms.every((term) => /^[A-Za-z][\w.\-/[\]']*\s*(==|=|!=)/.test(term.trim()))) return selector
  throw new KubeflumeError(
    'ERR_SELECTOR',
    `field selector ${JSON.stringify(selector)}: expected field=value or field!=value`,
  )
}

/** Commas inside parentheses separate values, the others separate requirements. */
function splitTopLevel(selector: string): string[] {
  if (selector.trim() === '') return []
  return selector.split(/,(?![^()]*\))/).map((term) => term.trim())
}

function parseTerm(term: string): Requirement {
  const set = SET.exec(term)
  if (set)
    return { key: set[1]!, operator: set[2] as 'in' | 'notin', values: set[3]!.split(',').map((value) => value.trim()) }
  const comparison = COMPARISON.exec(term)
  if (comparison) {
    const operator = ({ '=': 'in', '==': 'in', '!=': 'notin', '>': 'gt', '<': 'lt' } as const)[comparison[2] as '=']
    return { key: comparison[1]!, operator, values: [comparison[3]!] }
  }
  return term.startsWith('!')
    ? { key: term.slice(1).trim(), operator: 'absent', values: [] }
    : { key: term, operator: 'exists', values: [] }
}

function parseLabelSelector(selector: LabelSelector): Requirement[] {
  const labels = Object.entries(selector.matchLabels ?? {}).map(([key, value]): Requirement => ({
    key,
    operator: 'in',
    values: [value],
  }))
  const expressions = (selector.matchExpressions ?? []).map(({ key, operator, values = [] }): Requirement => {
    const known = EXPRESSION_OPERATORS[operator]
    if (known === undefined) throw selectorError(selector, `operator ${JSON.stringify(operator)} is not known`)
    return { key, operator: known, values }
  })
  return [...labels, ...expressions]
}

function validate({ key, operator, values }: Requirement, selector: Selector): void {
  if (!KEY.test(key)) throw selectorError(selector, `${JSON.stringify(key)} is no label`)
  const isSet = operator === 'in' || operator === 'notin'
  if (isSet ? values.length === 0 : (operator === 'exists' || operator === 'absent') && values.length > 0) {
    throw selectorError(selector, `wrong number of values for ${key}`)
  }
  for (const value of values) {
    if (typeof value !== 'string' || value.length > 63 || !VALUE.test(value)) {
      throw selectorError(selector, `${JSON.stringify(value)} is no label value`)
    }
    if (!isSet && !isWhole(value)) throw selectorError(selector, `${JSON.stringify(value)} is no whole number`)
  }
}

function isWhole(value: string | undefined): value is string {
  return value !== undefined && /^-?\d+$/.test(value)
}

function formatRequirement({ key, operator, values }: Requirement): string {
  switch (operator) {
    case 'exists':
      return key
    case 'absent':
      return `!${key}`
    case 'gt':
      return `${key}>${values[0]}`
    case 'lt':
      return `${key}<${values[0]}`
    case 'in':
      return values.length === 1 ? `${key}=${values[0]}` : `${key} in (${values.join(',')})`
    case 'notin':
      return values.length === 1 ? `${key}!=${values[0]}` : `${key} notin (${values.join(',')})`
    default:
      return operator satisfies never
  }
}

function selectorError(selector: Selector, why: string): KubeflumeError {
  return new KubeflumeError('ERR_SELECTOR', `label selector ${JSON.stringify(selector)}: ${why}`)
}
