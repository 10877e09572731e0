import { sortedKeysOf } from '../encoding/go-text.ts'

type Labels = { readonly [key: string]: string }

interface Selector {
  readonly matchLabels?: Labels | null | undefined
  readonly matchExpressions?: readonly Requirement[] | null | undefined
}

interface Requirement {
  readonly key: string
  readonly operator: string
  readonly values?: readonly string[] | null | undefined
}

/** `a=1,b=2` (apimachinery `pkg/labels`, `FormatLabels`). */
export function formatLabels(labels: Labels | null | undefined): string {
  const pairs = sortedKeysOf(labels ?? {}).map((key) => `${key}=${labels?.[key]}`)
  return pairs.length === 0 ? '<none>' : pairs.join(',')
}

/** As {@link formatSelector}, and `<none>` where it selects everything (`metav1.FormatLabelSelector`). */
export function formatLabelSelector(selector: Selector | null | undefined): string {
  const text = formatSelector(selector)
  return text === '' ? '<none>' : text
}

/** The requirements in order of key, as a query has them; nothing for one that selects everything. */
export function formatSelector(selector: Selector | null | undefined): string {
  const requirements: Requirement[] = [
    ...Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => ({ key, operator: '=', values: [value] })),
    ...(selector?.matchExpressions ?? []),
  ]
  return requirements
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(formatRequirement)
    .join(',')
}

function formatRequirement({ key, operator, values }: Requirement): string {
  switch (operator) {
    case '=':
      return `${key}=${values?.[0]}`
    case 'Exists':
      return key
    case 'DoesNotExist':
      return `!${key}`
    default:
      return `${key} ${operator === 'In' ? 'in' : 'notin'} (${(values ?? []).toSorted().join(',')})`
  }
}
