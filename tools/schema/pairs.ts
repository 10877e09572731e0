/** One object as the fill tool wrote it, in both encodings. */
export interface Pair {
  readonly apiVersion: string
  readonly kind: string
  readonly variant: string
  readonly json: string
  readonly protobuf: Uint8Array
}

/** Reads the fill tool's file: chunks behind their lengths, five to a pair. */
export function* readPairs(file: Buffer): Generator<Pair> {
  let at = 0
  const chunk = (): Buffer => {
    const length = file.readUInt32LE(at)
    at += 4 + length
    return file.subarray(at - length, at)
  }
  while (at < file.length) {
    const [apiVersion, kind, variant, json] = [chunk().toString(), chunk().toString(), chunk().toString(), chunk().toString()]
    yield { apiVersion, kind, variant, json, protobuf: chunk() }
  }
}
