const AROUND = 120

/**
 * Where two bodies differ first, with what is around it; undefined where they are the same. Of what may
 * hold secrets only the place is told.
 */
export function bytesDifference(real: Buffer, ours: Buffer, isSecret = false): string | undefined {
  if (real.equals(ours)) return undefined
  const length = Math.min(real.length, ours.length)
  let at = 0
  while (at < length && real[at] === ours[at]) at++
  const where = `differs at byte ${at}; ${real.length} bytes, ours ${ours.length}`
  if (isSecret) return where
  return `${where}\nreal: ${around(real, at)}\nours: ${around(ours, at)}`
}

function around(bytes: Buffer, at: number): string {
  const text = bytes.subarray(Math.max(0, at - AROUND), at + AROUND).toString('latin1')
  return JSON.stringify(text)
}
