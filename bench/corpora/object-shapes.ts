import type { OtherCorpus } from './corpus-spec.ts'
import { FIRST_VERSION } from './pod-shape.ts'

type Random = () => number
type Maker = (index: number, random: Random) => object

const LARGE_BYTES = 1_000_000
const TIME = '2026-01-01T00:00:00Z'
const WORDS = ['timeout', 'retries', 'upstream', 'listen', 'true', 'false', '30s', 'default', 'cluster.local', '8080']
const REASONS = [
  ['Scheduled', 'Successfully assigned to a node'],
  ['Pulled', 'Container image "registry.example.com/platform/web-frontend:v2026.1.14" already present on machine'],
  ['Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 503'],
  ['BackOff', 'Back-off restarting failed container main in pod'],
] as const

/** How the objects of each corpus are made: like those of a cluster, in their fields and their size. */
export const objectMakers: { readonly [name in OtherCorpus]: Maker } = {
  configmaps: (index, random) => ({
    metadata: metadata('settings', index, random, { 'f:data': { '.': {}, 'f:application.properties': {} } }),
    data: { 'application.properties': properties(random) },
  }),
  secrets: (index, random) => ({
    metadata: metadata('bundle', index, random, { 'f:data': { '.': {}, 'f:content': {} }, 'f:type': {} }),
    data: { content: randomBytes(random).toString('base64') },
    type: 'Opaque',
  }),
  widgets: (index, random) => ({
    apiVersion: 'bench.kubeflume.dev/v1',
    kind: 'Widget',
    metadata: metadata('widget', index, random, { 'f:spec': { 'f:color': {}, 'f:size': {} }, 'f:status': {} }),
    spec: { color: pick(['red', 'green', 'blue'], random), size: Math.floor(random() * 1000), owner: hex(random, 12) },
    status: { phase: 'Ready', observed: Math.floor(random() * 1000), conditions: [{ type: 'Ready', status: 'True' }] },
  }),
  events: makeEvent,
}

function makeEvent(index: number, random: Random): object {
  const [reason, message] = pick(REASONS, random)
  const pod = `web-${hex(random, 9)}-${hex(random, 5)}`
  const namespace = `team-${String(index % 40).padStart(2, '0')}`
  const fields = { 'f:count': {}, 'f:firstTimestamp': {}, 'f:lastTimestamp': {}, 'f:message': {}, 'f:reason': {} }
  const involvedObject = { kind: 'Pod', namespace, name: pod, uid: uid(random), apiVersion: 'v1', resourceVersion: '7' }
  return {
    metadata: { ...metadata(pod, index, random, fields), name: `${pod}.${hex(random, 16)}`, namespace },
    involvedObject,
    reason,
    message: `${message} ${namespace}/${pod}`,
    source: { component: 'kubelet', host: `node-${String(index % 200).padStart(3, '0')}` },
    firstTimestamp: TIME,
    lastTimestamp: TIME,
    count: 1 + Math.floor(random() * 9),
    type: reason === 'Unhealthy' || reason === 'BackOff' ? 'Warning' : 'Normal',
    reportingComponent: 'kubelet',
    reportingInstance: `node-${String(index % 200).padStart(3, '0')}`,
  }
}

function metadata(
  prefix: string,
  index: number,
  random: Random,
  fields: object,
): { readonly [field: string]: unknown } {
  return {
    name: `${prefix}-${String(index).padStart(6, '0')}`,
    namespace: `team-${String(index % 40).padStart(2, '0')}`,
    uid: uid(random),
    resourceVersion: String(FIRST_VERSION + index),
    creationTimestamp: TIME,
    labels: { 'app.kubernetes.io/name': prefix, 'app.kubernetes.io/instance': hex(random, 8) },
    managedFields: [
      {
        manager: 'controller',
        operation: 'Update',
        apiVersion: 'v1',
        time: TIME,
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:metadata': { 'f:labels': { '.': {}, 'f:app.kubernetes.io/name': {} } }, ...fields },
      },
    ],
  }
}

/** Lines of settings, as configurations are that somebody put into one object; they are chosen from these. */
const LINES: readonly string[] = Array.from({ length: 5000 }, (_, index) => {
  const [first, second, third] = [WORDS[index % 10]!, WORDS[(index * 7) % 9]!, WORDS[(index * 3) % 8]!]
  return `${first}.${second}.${(index * 2_654_435_761).toString(36)}=${third}`
})

function properties(random: Random): string {
  const lines: string[] = []
  for (let length = 0; length < LARGE_BYTES; length += lines.at(-1)!.length + 1) lines.push(pick(LINES, random))
  return lines.join('\n')
}

function randomBytes(random: Random): Buffer {
  const bytes = Buffer.alloc(LARGE_BYTES)
  for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32LE(Math.floor(random() * 2 ** 32), at)
  return bytes
}

function uid(random: Random): string {
  return [8, 4, 4, 4, 12].map((length) => hex(random, length)).join('-')
}

function hex(random: Random, length: number): string {
  let text = ''
  while (text.length < length) text += Math.floor(random() * 16).toString(16)
  return text
}

function pick<T>(from: readonly T[], random: Random): T {
  return from[Math.floor(random() * from.length)]!
}
