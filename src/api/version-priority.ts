const VERSION = /^v(?<major>\d+)(?:(?<stage>alpha|beta)(?<minor>\d+))?$/

/** Stable versions before beta and alpha ones, high before low, anything else last: apimachinery `pkg/version`. */
export function byVersionPriority(a: string, b: string): number {
  const [left, right] = [rankOf(a), rankOf(b)]
  const differing = left.findIndex((rank, index) => rank !== right[index])
  if (differing !== -1) return right[differing]! - left[differing]!
  return a < b ? -1 : Number(a > b)
}

function rankOf(version: string): readonly [number, number, number] {
  const { major, stage, minor } = VERSION.exec(version)?.groups ?? {}
  if (major === undefined) return [-1, 0, 0]
  return [stage === undefined ? 2 : stage === 'beta' ? 1 : 0, Number(major), Number(minor ?? 0)]
}
