/**
 * Compares two resourceVersions of one resource: negative, zero or positive, or undefined where one of
 * them is not a decimal number, as the versions of an aggregated API may be. Those can only be compared
 * for equality.
 *
 * The digits are compared as text, by length and then by order: they may exceed what a Number holds
 * (KEP-5504; client-go's `CompareResourceVersion`).
 */
export function compareResourceVersions(a: string, b: string): number | undefined {
  if (a === b) return isDecimal(a) ? 0 : undefined
  if (!isDecimal(a) || !isDecimal(b)) return undefined
  if (a.length !== b.length) return a.length - b.length
  return a < b ? -1 : 1
}

/** Whether `a` is known to be older than `b`. Versions that cannot be compared are not known to be. */
export function isOlder(a: string, b: string): boolean {
  const order = compareResourceVersions(a, b)
  return order !== undefined && order < 0
}

/** `"0"` is no version of an object, it means "any" in a request; a leading zero is no number of the server's. */
function isDecimal(version: string): boolean {
  return /^[1-9][0-9]*$/.test(version)
}
