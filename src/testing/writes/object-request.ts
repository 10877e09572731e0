import { ApiError } from '../../api/errors.ts'
import { joinKey } from '../../api/key.ts'
import type { AnyObject } from '../encoding/encoding.ts'
import type { Exchange } from '../http/exchange.ts'
import type { ServerParts } from '../reads/list.ts'
import { badRequest } from '../status.ts'
import { isMap } from './json-value.ts'
import type { ObjectsWriter } from './objects-writer.ts'

/** What a server is made of, as far as requests for one object need it. */
export interface ObjectParts extends ServerParts {
  readonly writer: ObjectsWriter
}

export function keyOf({ target: { namespace, name } }: Exchange): string {
  return joinKey(namespace, name ?? '')
}

/** How much of a body that cannot be read a server shows. */
const SHOWN = 25

/**
 * The object in the body of a request.
 *
 * @throws {ApiError} 400, 415
 */
export async function readObject(
  exchange: Exchange,
  kind: string = exchange.target.served.resource.kind,
): Promise<AnyObject> {
  const unrecognized = `the object provided is unrecognized (must be of type ${kind})`
  const body = await exchange.object().catch((error: unknown) => {
    const isUnreadable = error instanceof ApiError && error.status === 400
    throw isUnreadable ? badRequest(error.message.replace('the object provided is unrecognized', unrecognized)) : error
  })
  if (body === undefined) {
    throw badRequest(
      `${unrecognized}: couldn't get version/kind; json parse error: unexpected end of JSON input (<empty>)`,
    )
  }
  if (!isMap(body)) throw badRequest(`${unrecognized}: couldn't get version/kind; json parse error: it is no object`)
  const { isBuiltIn, resource } = exchange.target.served
  if (!isBuiltIn && kind === resource.kind && !body['kind']) {
    const text = JSON.stringify(body)
    const shown = text.length > SHOWN ? `${text.slice(0, SHOWN)} ...` : text
    throw badRequest(`${unrecognized}: Object 'Kind' is missing in '${text}' (${shown})`)
  }
  return { ...body, metadata: isMap(body['metadata']) ? body['metadata'] : {} }
}
