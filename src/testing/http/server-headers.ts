import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** The priority level and the flow of every request: this server has one of each. */
const FLOW_SCHEMA = randomUUID()
const PRIORITY_LEVEL = randomUUID()

/** What every answer of the server carries: an id for the audit log, the client's where it has one. */
export function setServerHeaders(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('audit-id', request.headers['audit-id'] ?? randomUUID())
  response.setHeader('x-kubernetes-pf-flowschema-uid', FLOW_SCHEMA)
  response.setHeader('x-kubernetes-pf-prioritylevel-uid', PRIORITY_LEVEL)
}
