import type { ScalePaths } from '../catalog/resource-facts.ts'
import { type AnyObject, parse } from '../encoding/encoding.ts'
import { typedJson } from '../encoding/json-encoder.ts'
import type { Exchange } from '../http/exchange.ts'
import { send } from '../http/exchange.ts'
import { failure } from '../status.ts'
import { isMap, type JsonMap, setValue, valueOf } from './json-value.ts'
import { keyOf, type ObjectParts, readObject } from './object-request.ts'
import { applyPatch, patchKindOf } from './patch.ts'
import { noSuchMethod, unsupportedPatch } from './refusals.ts'
import { writeOptions } from './write-options.ts'

const WORKLOADS: ScalePaths = { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' }

/**
 * Answers the `scale` subresource: the numbers of replicas of an object, as `autoscaling/v1.Scale` in JSON.
 *
 * @param paths Where a custom resource has them; undefined: as in a Deployment.
 */
export async function handleScale(
  exchange: Exchange,
  parts: ObjectParts,
  paths: ScalePaths = WORKLOADS,
): Promise<void> {
  const { served, namespace } = exchange.target
  const key = keyOf(exchange)
  const object = parse(parts.writer.get(served, key).bytes)
  const { verb } = exchange.record
  if (verb === 'get') return sendScale(exchange, scaleOf(object, paths))
  const wanted =
    verb === 'update' ? await readObject(exchange, 'Scale') : await patched(exchange, scaleOf(object, paths))
  const replicas = Number(valueOf(wanted['spec'], 'replicas') ?? 0)
  if (!Number.isInteger(replicas) || replicas < 0) {
    throw failure(
      422,
      'Invalid',
      `Scale.autoscaling "${exchange.target.name}" is invalid: spec.replicas: Invalid value: ${replicas}`,
    )
  }
  const changed = structuredClone(object)
  writeAt(changed, paths.specReplicasPath, replicas)
  const { resourceVersion } = wanted.metadata
  if (resourceVersion) changed.metadata.resourceVersion = resourceVersion
  const writing = { namespace, ...writeOptions(exchange, verb === 'update' ? 'UpdateOptions' : 'PatchOptions') }
  const version = parts.writer.update(served, key, changed, writing)
  sendScale(exchange, scaleOf(parse(version.bytes), paths))
}

async function patched(exchange: Exchange, scale: AnyObject): Promise<AnyObject> {
  if (exchange.record.verb !== 'patch') throw noSuchMethod()
  const kind = patchKindOf(exchange.request.headers['content-type'], exchange.target.served)
  if (kind === 'apply') throw unsupportedPatch()
  return applyPatch(
    kind === 'strategic' ? 'merge' : kind,
    scale,
    await exchange.json(),
    exchange.target.served,
  ) as AnyObject
}

function scaleOf(
  object: AnyObject,
  { specReplicasPath, statusReplicasPath, labelSelectorPath }: ScalePaths,
): AnyObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  const selector =
    labelSelectorPath === undefined
      ? selectorOf(valueOf(object['spec'], 'selector'))
      : readAt(object, labelSelectorPath)
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: JSON.parse(
      JSON.stringify({ name, namespace, uid, resourceVersion, creationTimestamp }),
    ) as AnyObject['metadata'],
    spec: { replicas: Number(readAt(object, specReplicasPath) ?? 0) },
    status: { replicas: Number(readAt(object, statusReplicasPath) ?? 0), ...(selector ? { selector } : {}) },
  }
}

/** A label selector in the text form: a ReplicationController has the labels themselves. */
function selectorOf(selector: unknown): string {
  if (!isMap(selector)) return ''
  const labels = selector['matchLabels'] ?? (selector['matchExpressions'] === undefined ? selector : {})
  const equal = Object.entries(isMap(labels) ? labels : {}).map(([key, value]) => `${key}=${String(value)}`)
  const expressions = (selector['matchExpressions'] ?? []) as readonly Expression[]
  return [...equal, ...expressions.map(expressionText)].sort().join(',')
}

interface Expression {
  readonly key: string
  readonly operator: string
  readonly values?: readonly string[]
}

function expressionText({ key, operator, values = [] }: Expression): string {
  if (operator === 'Exists') return key
  if (operator === 'DoesNotExist') return `!${key}`
  return `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.toSorted().join(',')})`
}

function readAt(object: AnyObject, path: string): unknown {
  return stepsOf(path).reduce<unknown>(valueOf, object)
}

function writeAt(object: AnyObject, path: string, value: unknown): void {
  const steps = stepsOf(path)
  const last = steps.pop() ?? ''
  let parent: JsonMap = object
  for (const step of steps) {
    if (!isMap(valueOf(parent, step))) setValue(parent, step, {})
    parent = parent[step] as JsonMap
  }
  setValue(parent, last, value)
}

/** Of a JSON path as CRDs write it: only fields, `.spec.replicas`. */
function stepsOf(path: string): string[] {
  return path.split('.').filter((step) => step !== '')
}

function sendScale(exchange: Exchange, scale: AnyObject): void {
  send(
    exchange.response,
    200,
    `${typedJson('autoscaling/v1.Scale', scale, '"kind":"Scale","apiVersion":"autoscaling/v1"')}\n`,
  )
}
