import type { SubresourceFacts } from '../catalog/resource-facts.ts'
import { type AnyObject, parse } from '../encoding/encoding.ts'
import type { Exchange } from '../http/exchange.ts'
import { sendStatus } from '../http/send-status.ts'
import { conflict, failure, type StatusBody } from '../status.ts'
import { isMap, valueOf } from './json-value.ts'
import { keyOf, type ObjectParts, readObject } from './object-request.ts'
import { noSuchMethod } from './refusals.ts'
import { handleScale } from './scale.ts'
import { handleObject } from './single-object.ts'
import { writeOptions } from './write-options.ts'

/** Answers requests for a part of an object, or for something that is done to it. */
export async function handleSubresource(
  exchange: Exchange,
  parts: ObjectParts,
  facts: SubresourceFacts,
): Promise<void> {
  if (!facts.verbs.includes(exchange.record.verb)) throw noSuchMethod()
  switch (facts.name) {
    case 'status':
    case 'finalize':
    case 'approval':
    case 'resize':
    case 'ephemeralcontainers':
      return handleObject(exchange, parts, facts.name)
    case 'scale':
      return handleScale(exchange, parts, facts.scale)
    case 'binding':
      return bind(exchange, parts)
    case 'eviction':
      return evict(exchange, parts)
    default:
      throw failure(501, 'NotImplemented', `this server runs nothing: it has no ${facts.name}`, {})
  }
}

/** What a scheduler does: gives a pod its node. */
async function bind(exchange: Exchange, { writer, clock }: ObjectParts): Promise<void> {
  const { served, namespace, name = '' } = exchange.target
  const { target } = await readObject(exchange, 'Binding')
  const node = valueOf(target, 'name')
  const pod = parse(writer.get(served, keyOf(exchange)).bytes)
  const assigned = valueOf(pod['spec'], 'nodeName')
  if (assigned) {
    const subject = { group: '', plural: 'pods/binding' }
    throw conflict(subject, name, `pod ${name} is already assigned to node ${JSON.stringify(assigned)}`)
  }
  const options = writeOptions(exchange, 'CreateOptions')
  const bound = boundTo(pod, typeof node === 'string' ? node : '')
  const scheduled = scheduledAt(bound, new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'))
  writer.update(served, keyOf(exchange), scheduled, { namespace, subresource: 'binding', ...options })
  sendStatus(exchange.response, CREATED)
}

const CREATED: StatusBody = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }

function boundTo(pod: AnyObject, nodeName: string): AnyObject {
  return { ...pod, spec: { ...(isMap(pod['spec']) ? pod['spec'] : {}), nodeName } }
}

function scheduledAt(pod: AnyObject, now: string): AnyObject {
  const status = isMap(pod['status']) ? pod['status'] : {}
  const conditions = Array.isArray(status['conditions']) ? (status['conditions'] as object[]) : []
  const scheduled = { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: now }
  return { ...pod, status: { ...status, conditions: [...conditions, scheduled] } }
}

/** No PodDisruptionBudget stands against it. */
async function evict(exchange: Exchange, { writer }: ObjectParts): Promise<void> {
  const { deleteOptions } = await readObject(exchange, 'Eviction')
  const preconditions = valueOf(deleteOptions, 'preconditions')
  const { isDryRun } = writeOptions(exchange, 'CreateOptions')
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
  writer.remove(exchange.target.served, keyOf(exchange), {
    uid: text(valueOf(preconditions, 'uid')),
    resourceVersion: text(valueOf(preconditions, 'resourceVersion')),
    isDryRun,
  })
  sendStatus(exchange.response, CREATED)
}
