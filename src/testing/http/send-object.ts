import type { Clock } from '../../internal/clock.ts'
import { ObjectEncoder } from '../encoding/object-encoder.ts'
import type { StoredVersion } from '../storage/collection.ts'
import type { Exchange } from './exchange.ts'

const NEWLINE = Buffer.from('\n')

/**
 * Answers with one object, in the form that the client asked for.
 *
 * @throws {ApiError} 406
 */
export async function sendObject(
  exchange: Exchange,
  { clock }: { readonly clock: Clock },
  status: number,
  version: Pick<StoredVersion, 'bytes'>,
): Promise<void> {
  const representation = exchange.negotiate('object')
  const encoder = new ObjectEncoder(exchange.target.served, representation, () => clock.now())
  const body = exchange.openBody(representation, { status })
  body.write(encoder.whole(version))
  if (representation.encoding !== 'protobuf') body.write(NEWLINE)
  await body.end()
}
