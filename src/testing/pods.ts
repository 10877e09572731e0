import type { PodSpec, PodStatus } from '../api/generated/types/core-v1.ts'
import type { DeepReadonly, ManagedFieldsEntry, ObjectMeta } from '../api/object.ts'

/** What is special about a pod. */
export interface PodOptions {
  readonly name: string
  /** @default 'default' */
  readonly namespace?: string | undefined
  readonly labels?: { readonly [label: string]: string } | undefined
  readonly annotations?: { readonly [annotation: string]: string } | undefined
  readonly nodeName?: string | undefined
  /** @default 'Running' */
  readonly phase?: string | undefined
  /** About 7 kB with managedFields and all that a kubelet fills in, as in a cluster. @default false: a few hundred bytes */
  readonly isRealistic?: boolean | undefined
  /** What the uid and the numbers of a realistic pod are made from; the same seed gives the same pod. @default 1 */
  readonly seed?: number | undefined
}

/** A pod to seed a server with, or to create. */
export interface TestPod {
  readonly apiVersion: 'v1'
  readonly kind: 'Pod'
  readonly metadata: Omit<ObjectMeta, 'uid' | 'resourceVersion' | 'creationTimestamp'> & Partial<ObjectMeta>
  readonly spec: DeepReadonly<PodSpec>
  readonly status: DeepReadonly<PodStatus>
}

const IMAGE = 'registry.example.com/platform/web-frontend:v2026.1.14'
const TIME = '2026-01-01T00:00:00Z'

export function pod(options: PodOptions): TestPod {
  return options.isRealistic ? realisticPod(options) : plainPod(options)
}

/** `count` realistic pods over 40 namespaces and 200 nodes, always the same for the same seed. */
export function generatePods(count: number, { seed = 1 }: { readonly seed?: number | undefined } = {}): TestPod[] {
  return Array.from({ length: count }, (_, index) => {
    const random = randomFrom(seed * 1_000_003 + index)
    return realisticPod({
      name: `web-${index % 97}-${hex(random, 9)}-${index.toString(36).padStart(5, '0')}`,
      namespace: `team-${String(index % 40).padStart(2, '0')}`,
      nodeName: `node-${String(Math.floor(random() * 200)).padStart(3, '0')}`,
      labels: { tier: ['front', 'back', 'batch'][index % 3]!, 'pod-template-hash': hex(random, 9) },
      phase: ['Running', 'Running', 'Running', 'Pending', 'Succeeded'][index % 5],
      seed: seed * 1_000_003 + index,
    })
  })
}

function plainPod({ name, namespace = 'default', nodeName, phase = 'Running', ...rest }: PodOptions): TestPod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, ...mapsOf(rest) },
    spec: { ...(nodeName === undefined ? {} : { nodeName }), containers: [{ name: 'main', image: IMAGE }] },
    status: { phase },
  }
}

function realisticPod(options: PodOptions): TestPod {
  const { name, namespace = 'default', nodeName = 'node-000', phase = 'Running', seed = 1 } = options
  const random = randomFrom(seed)
  const labels = { app: name.split('-')[0]!, ...options.labels }
  const address = `10.${Math.floor(random() * 256)}.${Math.floor(random() * 256)}.${Math.floor(random() * 256)}`
  const owner = name.slice(0, Math.max(name.lastIndexOf('-'), 1))
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      generateName: `${owner}-`,
      namespace,
      uid: uuid(random),
      creationTimestamp: TIME,
      ...mapsOf({ labels, annotations: { 'example.com/checksum': hex(random, 64), ...options.annotations } }),
      ownerReferences: [
        {
          apiVersion: 'apps/v1',
          kind: 'ReplicaSet',
          name: owner,
          uid: uuid(random),
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
      managedFields: managedFields(Object.keys(labels)),
    },
    spec: specOf(nodeName, hex(random, 5)),
    status: statusOf(address, phase, random),
  }
}

function mapsOf({ labels, annotations }: Pick<PodOptions, 'labels' | 'annotations'>): Partial<ObjectMeta> {
  return {
    ...(labels === undefined ? {} : { labels: { ...labels } }),
    ...(annotations === undefined ? {} : { annotations: { ...annotations } }),
  }
}

function specOf(nodeName: string, suffix: string): DeepReadonly<PodSpec> {
  const tokenVolume = `kube-api-access-${suffix}`
  const probe = { httpGet: { path: '/healthz', port: 8080, scheme: 'HTTP' }, timeoutSeconds: 1, periodSeconds: 10 }
  return {
    volumes: [
      {
        name: tokenVolume,
        projected: {
          sources: [
            { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
            { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
          ],
          defaultMode: 420,
        },
      },
    ],
    containers: ['main', 'proxy'].map((name) => ({
      name,
      image: IMAGE,
      args: ['--listen=:8080', '--log-format=json', '--feature-gates=A=true,B=false'],
      ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
      env: ['DATABASE_URL', 'CACHE_URL', 'REGION', 'TRACE_RATIO'].map((key) => ({ name: key, value: `${key}-value` })),
      resources: { limits: { cpu: '1', memory: '512Mi' }, requests: { cpu: '100m', memory: '128Mi' } },
      volumeMounts: [{ name: tokenVolume, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }],
      livenessProbe: probe,
      readinessProbe: probe,
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
      imagePullPolicy: 'IfNotPresent',
    })),
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    serviceAccountName: 'default',
    nodeName,
    securityContext: {},
    schedulerName: 'default-scheduler',
    tolerations: ['not-ready', 'unreachable'].map((taint) => ({
      key: `node.kubernetes.io/${taint}`,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: 300,
    })),
    priority: 0,
    enableServiceLinks: true,
  }
}

function statusOf(address: string, phase: string, random: () => number): { [field: string]: unknown } {
  return {
    phase,
    conditions: ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map(
      (type) => ({
        type,
        status: 'True',
        lastProbeTime: null,
        lastTransitionTime: TIME,
      }),
    ),
    hostIP: '192.168.0.1',
    podIP: address,
    podIPs: [{ ip: address }],
    startTime: TIME,
    containerStatuses: ['main', 'proxy'].map((name) => ({
      name,
      state: { running: { startedAt: TIME } },
      lastState: {},
      ready: true,
      restartCount: Math.floor(random() * 5),
      image: IMAGE,
      imageID: `${IMAGE}@sha256:${hex(random, 64)}`,
      containerID: `containerd://${hex(random, 64)}`,
      started: true,
    })),
    qosClass: 'Burstable',
  }
}

/** Nearly half of a pod in a real cluster: who owns which field. */
function managedFields(labels: readonly string[]): ManagedFieldsEntry[] {
  const all = (...fields: string[]): { [field: string]: object } =>
    Object.fromEntries(fields.map((field) => [`f:${field}`, {}]))
  const env = Object.fromEntries(
    ['DATABASE_URL', 'CACHE_URL', 'REGION', 'TRACE_RATIO'].map((name) => [
      `k:{"name":"${name}"}`,
      { '.': {}, ...all('name', 'value') },
    ]),
  )
  const probe = { '.': {}, 'f:httpGet': { '.': {}, ...all('path', 'port', 'scheme') }, ...all('periodSeconds') }
  const container = {
    '.': {},
    ...all('args', 'image', 'imagePullPolicy', 'name', 'terminationMessagePath', 'terminationMessagePolicy'),
    'f:env': { '.': {}, ...env },
    'f:livenessProbe': probe,
    'f:readinessProbe': probe,
    'f:resources': { '.': {}, 'f:limits': all('cpu', 'memory'), 'f:requests': all('cpu', 'memory') },
  }
  const metadata = { 'f:labels': { '.': {}, ...all(...labels) }, ...all('generateName', 'ownerReferences') }
  const spec = {
    'f:containers': { 'k:{"name":"main"}': container, 'k:{"name":"proxy"}': container },
    ...all('dnsPolicy', 'enableServiceLinks', 'restartPolicy', 'schedulerName', 'securityContext'),
  }
  const entry = { apiVersion: 'v1', time: TIME, fieldsType: 'FieldsV1', operation: 'Update' }
  return [
    { manager: 'kube-controller-manager', ...entry, fieldsV1: { 'f:metadata': metadata, 'f:spec': spec } },
    {
      manager: 'kubelet',
      ...entry,
      fieldsV1: {
        'f:status': all('conditions', 'containerStatuses', 'hostIP', 'phase', 'podIP', 'podIPs', 'startTime'),
      },
      subresource: 'status',
    },
  ]
}

/** mulberry32: small, and the same everywhere. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function hex(random: () => number, length: number): string {
  let digits = ''
  while (digits.length < length)
    digits += Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0')
  return digits.slice(0, length)
}

function uuid(random: () => number): string {
  return [8, 4, 4, 4, 12].map((length) => hex(random, length)).join('-')
}
