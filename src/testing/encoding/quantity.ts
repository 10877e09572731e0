const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
/** By exponent of ten, from -9 up in steps of three. */
const DECIMAL = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E']
const QUANTITY = /^([+-]?)(\d*)(?:\.(\d*))?(?:(Ki|Mi|Gi|Ti|Pi|Ei|[numkMGTPE])|[eE]([+-]?\d+))?$/
const NANO = -9

/** Few different quantities occur: each is worked out once. */
const KNOWN_LIMIT = 10_000
const known = new Map<string, string>()

/**
 * The one way in which Go writes a quantity: `0.5` as `500m`, `1024Mi` as `1Gi`; no more digits than nine
 * behind the point, rounded up (apimachinery `pkg/api/resource/quantity.go`, `CanonicalizeBytes`).
 * undefined for what is no quantity.
 */
export function canonicalQuantity(text: string): string | undefined {
  let canonical = known.get(text)
  if (canonical === undefined) {
    canonical = canonicalize(text)
    if (canonical !== undefined && known.size < KNOWN_LIMIT) known.set(text, canonical)
  }
  return canonical
}

function canonicalize(text: string): string | undefined {
  const match = QUANTITY.exec(text)
  if (match === null) return undefined
  const [, sign = '', whole = '', fraction = '', suffix, exponent] = match
  if (whole === '' && fraction === '') return undefined
  if (Math.abs(Number(exponent ?? 0)) > 100) return undefined
  const binary = suffix?.endsWith('i') ? BINARY.indexOf(suffix) : 0
  const scale = binary > 0 ? 0 : exponent === undefined ? 3 * DECIMAL.indexOf(suffix ?? '') + NANO : Number(exponent)
  if (isKept(whole.replace(/^0+(?=.)/, '') || '0', fraction, scale, binary)) return text
  const nanos = roundUp(BigInt(whole + fraction) << BigInt(10 * binary), scale - fraction.length - NANO)
  if (nanos === 0n) return '0'
  const digits = write(nanos, binary > 0, exponent !== undefined)
  return sign === '-' ? `-${digits}` : digits
}

/**
 * Go writes what it has read, `1.500` say, where its quick parser took it for canonical (`ParseQuantity`).
 * `binary` is the power of 1024.
 */
function isKept(whole: string, fraction: string, scale: number, binary: number): boolean {
  const digits = whole + fraction
  if (binary > 0) {
    const isExact = fraction === '' && digits.length + Math.trunc(binary * 3) <= 14
    return isExact && (BigInt(digits) & 7n) !== 0n
  }
  const last = scale - fraction.length
  return digits.length <= 18 && last >= NANO && last % 3 === 0 && !digits.endsWith('000') && !digits.startsWith('0')
}

/** `value` times ten to the power of `exponent`, away from zero. */
function roundUp(value: bigint, exponent: number): bigint {
  if (exponent >= 0) return value * 10n ** BigInt(exponent)
  const divisor = 10n ** BigInt(-exponent)
  return (value + divisor - 1n) / divisor
}

function write(nanos: bigint, isBinary: boolean, isExponent: boolean): string {
  const isWhole = nanos % 1_000_000_000n === 0n
  if (isBinary && isWhole && nanos >= 1024n * 1_000_000_000n) {
    let units = nanos / 1_000_000_000n
    let power = 0
    for (; power < BINARY.length - 1 && units % 1024n === 0n; power++) units /= 1024n
    return `${units}${BINARY[power]}`
  }
  let units = nanos
  let power = 0
  while (power < DECIMAL.length - 1 && units % 1000n === 0n) {
    units /= 1000n
    power++
  }
  if (!isExponent) return `${units}${DECIMAL[power]}`
  const exponent = 3 * power + NANO
  return exponent === 0 ? `${units}` : `${units}e${exponent}`
}
