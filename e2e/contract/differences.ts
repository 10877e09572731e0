import type { Found } from './compare.ts'

/** What `TestApiServer` answers otherwise than kube-apiserver, on purpose. */
export interface Difference {
  /** The names of the cases. */
  readonly cases: RegExp
  /** The places in their transcripts, see {@link Found}. */
  readonly at: RegExp
  readonly reason: string
}

export const differences: readonly Difference[] = [
  {
    cases: /broken label/,
    at: /message$/,
    reason: 'the words of the parser of label selectors are its own; status and reason are the same',
  },
  {
    cases:
      /^the refusal of a (POST|PUT|merge patch) (of|that is) (no JSON|a list|a text|another kind|another group|a kind that there is not)$/,
    at: /message$/,
    reason: "the words of Go's JSON parser and of its scheme are not imitated; status and reason are the same",
  },
  {
    cases: /^a LIST with a token that is no(ne| JSON)$/,
    at: /message$/,
    reason: "the words of Go's JSON parser are not imitated",
  },
  {
    cases: /^an apply that is refused$/,
    at: /^\/4\/body\/message$/,
    reason: "the words of Go's YAML parser are not imitated",
  },
  {
    cases: /^a DELETE of a pod that is on no node$/,
    at: /^\/0\/body\/metadata\/(generation|deletionTimestamp|deletionGracePeriodSeconds)$/,
    reason: 'no pod has time to end: it is removed at once, and is not marked as about to be',
  },
  {
    cases: /^a WATCH by the old path$/,
    at: /^\/0\//,
    reason: 'the paths with /watch/ are deprecated since 1.11, and no client uses them',
  },
  {
    cases:
      /^(a PUT of a custom resource without a version|a PUT that would change what may not change|the refusal of a (POST|DELETE) with dryRun of some)$/,
    at: /message$/,
    reason: 'before 1.34 the messages print values as Go does; they are those of 1.34 and newer in every release',
  },
]

/** Whether the difference is listed for the case; what it is listed by is added to `used`. */
export function isListed(name: string, { at }: Found, used: Set<Difference>): boolean {
  const listed = differences.filter((difference) => difference.cases.test(name) && difference.at.test(at))
  for (const difference of listed) used.add(difference)
  return listed.length > 0
}
