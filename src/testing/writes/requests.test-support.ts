import { onTestFinished } from 'vitest'
import { TestApiServer, type TestApiServerOptions } from '../server.ts'

export const MERGE = 'application/merge-patch+json'
export const STRATEGIC = 'application/strategic-merge-patch+json'
export const JSON_PATCH = 'application/json-patch+json'
export const APPLY = 'application/apply-patch+yaml'

/** As much of an answer's body as tests look at. */
export interface Body {
  readonly kind: string
  readonly code?: number
  readonly reason?: string
  readonly message?: string
  readonly details?: { readonly causes?: readonly { readonly field: string; readonly message: string }[] }
  readonly metadata: {
    readonly name: string
    readonly generation?: number
    readonly resourceVersion: string
    readonly deletionTimestamp?: string
    readonly finalizers?: readonly string[]
    readonly labels?: { readonly [label: string]: string }
    readonly managedFields?: readonly {
      readonly manager: string
      readonly operation: string
      readonly fieldsV1: object
    }[]
  }
  readonly spec: { readonly [field: string]: unknown }
  readonly status: { readonly [field: string]: unknown }
  readonly data?: { readonly [key: string]: string }
  readonly items?: readonly Body[]
}

export interface Sent {
  readonly status: number
  readonly body: Body
}

export interface Requests {
  readonly server: TestApiServer
  readonly send: (method: string, path: string, body?: unknown, type?: string) => Promise<Sent>
}

/** A server and a client that knows nothing but HTTP. */
export async function startWithRequests(options: TestApiServerOptions = {}): Promise<Requests> {
  const server = await TestApiServer.start(options)
  onTestFinished(() => server.stop())
  const send = async (method: string, path: string, body?: unknown, type = 'application/json'): Promise<Sent> => {
    const response = await fetch(server.url + path, {
      method,
      headers: { 'user-agent': 'tester/1', ...(body === undefined ? {} : { 'content-type': type }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: (text.startsWith('{') ? JSON.parse(text) : { message: text }) as Body }
  }
  return { server, send }
}
