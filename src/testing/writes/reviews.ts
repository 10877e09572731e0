import type { IncomingMessage, ServerResponse } from 'node:http'
import { send } from '../http/exchange.ts'
import { parseBody, readBody } from '../http/request-body.ts'
import { isMap } from './json-value.ts'

const ANYTHING = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] }
const ANY_PATH = { verbs: ['*'], nonResourceURLs: ['*'] }
const USER = { username: 'test', groups: ['system:masters', 'system:authenticated'] }

const ANSWERS: ReadonlyMap<string, object> = new Map([
  ['SelfSubjectAccessReview', { allowed: true }],
  ['SubjectAccessReview', { allowed: true }],
  ['SelfSubjectRulesReview', { resourceRules: [ANYTHING], nonResourceRules: [ANY_PATH], incomplete: false }],
  ['SelfSubjectReview', { userInfo: USER }],
  ['TokenReview', { authenticated: true, user: USER }],
])

/** Answers who may do what: there is one user, who may do everything. */
export async function handleReview(request: IncomingMessage, response: ServerResponse, kind: string): Promise<void> {
  const body = parseBody(await readBody(request), request.headers['content-type'])
  const group =
    kind === 'TokenReview' || kind === 'SelfSubjectReview' ? 'authentication.k8s.io' : 'authorization.k8s.io'
  const { spec } = isMap(body) ? body : {}
  const review = {
    kind,
    apiVersion: `${group}/v1`,
    metadata: {},
    ...(spec === undefined ? {} : { spec }),
    status: ANSWERS.get(kind),
  }
  send(response, 201, `${JSON.stringify(review)}\n`)
}
