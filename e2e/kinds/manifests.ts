import type { Resource } from '../../src/index.ts'
import { apiVersionOf } from '../../src/api/resource.ts'
import { CERTIFICATE, POD_KEY, SIGNING_REQUEST_BYTES, SIGNING_REQUEST_DER } from './certificates.ts'

type Body = Readonly<Record<string, unknown>>

/**
 * The least that the server takes, by plural, or by plural and version where the versions differ.
 * What acts on other objects (webhooks, policies, quotas) is made to match none. A plural that is not
 * here is taken with metadata alone.
 */
const BODIES: Readonly<Record<string, (index: number, version: string) => Body>> = {
  apiservices: (index, version) => ({
    spec: {
      group: `g${index}.${version}.example.com`,
      version: 'v1',
      groupPriorityMinimum: 1000,
      versionPriority: 10,
      service: { namespace: 'default', name: 'kf' },
      insecureSkipTLSVerify: true,
    },
  }),
  certificatesigningrequests: () => ({
    spec: { request: SIGNING_REQUEST_BYTES, signerName: 'example.com/signer', usages: ['client auth'] },
  }),
  clusterrolebindings: () => ({
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
  }),
  clustertrustbundles: (index) => ({
    spec: { trustBundle: CERTIFICATE, ...(index === 1 && { signerName: 'example.com/signer' }) },
  }),
  controllerrevisions: () => ({ revision: 1, data: { kept: 'as it is' } }),
  cronjobs: () => ({ spec: { schedule: '0 * * * *', jobTemplate: { spec: { template: podTemplate('Never') } } } }),
  csidrivers: () => ({ spec: {} }),
  csinodes: () => ({ spec: { drivers: [] } }),
  csistoragecapacities: () => ({ storageClassName: 'kf' }),
  customresourcedefinitions: (index) => ({
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: `kfs${index}`, singular: `kf${index}`, kind: `Kf${index}`, listKind: `Kf${index}List` },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  }),
  daemonsets: () => ({ spec: { selector: SELECTOR, template: podTemplate() } }),
  deployments: () => ({ spec: { selector: SELECTOR, template: podTemplate() } }),
  deviceclasses: () => ({ spec: {} }),
  devicetaintrules: () => ({ spec: { taint: { key: 'example.com/kf', effect: 'NoSchedule' } } }),
  endpointslices: () => ({ addressType: 'IPv4', endpoints: [] }),
  'events v1 core': () => ({ involvedObject: { namespace: NAMESPACE } }),
  'events v1 events.k8s.io': () => ({
    eventTime: '2024-01-02T03:04:05.678901Z',
    reportingController: 'example.com/kf',
    reportingInstance: 'kf-0',
    action: 'Act',
    reason: 'Reason',
    type: 'Normal',
    regarding: { namespace: NAMESPACE },
  }),
  flowschemas: () => ({ spec: { priorityLevelConfiguration: { name: 'workload-low' } } }),
  horizontalpodautoscalers: () => ({
    spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'kf' } },
  }),
  ingressclasses: () => ({ spec: { controller: 'example.com/kf' } }),
  ingresses: () => ({ spec: { defaultBackend: { service: { name: 'kf', port: { number: 80 } } } } }),
  ipaddresses: () => ({ spec: { parentRef: { resource: 'services', namespace: 'default', name: 'kf' } } }),
  jobs: () => ({
    spec: { completionMode: 'Indexed', completions: 3, backoffLimitPerIndex: 1, template: podTemplate('Never') },
  }),
  leasecandidates: () => ({
    spec: { leaseName: 'kf', binaryVersion: '1.36.0', emulationVersion: '1.36.0', strategy: 'OldestEmulationVersion' },
  }),
  leases: () => ({ spec: {} }),
  limitranges: () => ({ spec: { limits: [] } }),
  mutatingadmissionpolicies: () => ({
    spec: {
      reinvocationPolicy: 'Never',
      matchConstraints: { resourceRules: [NOTHING] },
      mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression: 'Object{}' } }],
    },
  }),
  mutatingadmissionpolicybindings: () => ({ spec: { policyName: 'kf-none' } }),
  mutatingwebhookconfigurations: () => ({ webhooks: [WEBHOOK] }),
  networkpolicies: () => ({ spec: { podSelector: {} } }),
  persistentvolumeclaims: () => ({
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  }),
  persistentvolumes: () => ({
    spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/kf' } },
  }),
  podcertificaterequests: (index) => ({
    spec: {
      signerName: 'example.com/signer',
      podName: 'kf',
      podUID: POD_KEY.uid,
      serviceAccountName: 'kf',
      serviceAccountUID: POD_KEY.uid,
      nodeName: 'kf',
      nodeUID: POD_KEY.uid,
      maxExpirationSeconds: 86_400,
      ...(index === 1
        ? { stubPKCS10Request: SIGNING_REQUEST_DER }
        : { pkixPublicKey: POD_KEY.publicKey, proofOfPossession: POD_KEY.proof }),
    },
  }),
  poddisruptionbudgets: () => ({ spec: { selector: SELECTOR } }),
  podgroups: () => ({
    spec: {
      schedulingPolicy: { basic: {} },
      resourceClaims: [{ name: 'claim', resourceClaimName: 'kf' }],
    },
  }),
  pods: () => ({
    spec: {
      ...podSpec(),
      containers: [{ ...CONTAINER, resources: { limits: EXTENDED, requests: EXTENDED } }],
      volumes: [
        { name: 'empty', emptyDir: {} },
        { name: 'block', persistentVolumeClaim: { claimName: 'kf' } },
      ],
      resourceClaims: [{ name: 'claim', resourceClaimName: 'kf' }],
    },
  }),
  podtemplates: () => ({ template: podTemplate() }),
  priorityclasses: () => ({ value: 10 }),
  prioritylevelconfigurations: () => ({
    spec: { type: 'Limited', limited: { nominalConcurrencyShares: 1, limitResponse: { type: 'Reject' } } },
  }),
  replicasets: () => ({ spec: { selector: SELECTOR, template: podTemplate() } }),
  replicationcontrollers: () => ({ spec: { selector: LABELS, template: podTemplate() } }),
  'resourceclaims v1beta1 resource.k8s.io': () => ({
    spec: { devices: { requests: [{ name: 'kf', deviceClassName: 'kf' }] } },
  }),
  resourceclaims: () => ({
    spec: { devices: { requests: [{ name: 'kf', exactly: { deviceClassName: 'kf' } }] } },
  }),
  resourceclaimtemplates: () => ({ spec: { spec: { devices: {} } } }),
  resourcepoolstatusrequests: () => ({ spec: { driver: 'kf.example.com' } }),
  resourceslices: (index) => ({
    spec: {
      driver: 'kf.example.com',
      pool: { name: `kf-${index}`, generation: 1, resourceSliceCount: 1 },
      nodeName: 'kf',
      devices: [],
    },
  }),
  rolebindings: () => ({ roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'kf' } }),
  runtimeclasses: () => ({ handler: 'kf' }),
  servicecidrs: (index, version) => ({ spec: { cidrs: [`10.${version === 'v1' ? 50 : 51}.${index}.0/24`] } }),
  services: () => ({ spec: { type: 'LoadBalancer', ports: [{ port: 80 }] } }),
  statefulsets: () => ({ spec: { serviceName: 'kf', selector: SELECTOR, template: podTemplate() } }),
  storageclasses: () => ({ provisioner: 'example.com/kf' }),
  storageversionmigrations: (index) => ({ spec: { resource: { group: 'example.com', resource: `kfs${index}` } } }),
  storageversions: () => ({ spec: {} }),
  validatingadmissionpolicies: () => ({
    spec: { matchConstraints: { resourceRules: [NOTHING] }, validations: [{ expression: 'true' }] },
  }),
  validatingadmissionpolicybindings: () => ({ spec: { policyName: 'kf-none', validationActions: ['Deny'] } }),
  validatingwebhookconfigurations: () => ({ webhooks: [WEBHOOK] }),
  volumeattachments: () => ({
    spec: { attacher: 'kf.example.com', nodeName: 'kf', source: { persistentVolumeName: 'kf' } },
  }),
  volumeattributesclasses: () => ({ driverName: 'kf.example.com', parameters: { kept: 'true' } }),
  workloads: () => ({ spec: { podGroupTemplates: [{ name: 'kf', schedulingPolicy: { basic: {} } }] } }),
}

/** Names that say what is in the object; the others are of one pattern. */
const NAMES: Readonly<Record<string, (index: number, version: string) => string>> = {
  apiservices: (index, version) => `v1.g${index}.${version}.example.com`,
  // where there is a signer, the name begins with it
  clustertrustbundles: (index, version) => `${index === 1 ? 'example.com:signer:' : ''}kf-${version}-${index}`,
  customresourcedefinitions: (index) => `kfs${index}.example.com`,
  ipaddresses: (index, version) => `10.${version === 'v1' ? 60 : 61}.0.${index}`,
  storageversions: (index) => `kf.kfs${index}`,
}

const NAMESPACE = '$namespace'
const CONTAINER = { name: 'kf', image: 'example.com/kf:1' }
/** A claim for it can be in the status. */
const EXTENDED = { 'example.com/gpu': '1' }
const LABELS = { app: 'kf' }
const SELECTOR = { matchLabels: LABELS }
const NOTHING = {
  operations: ['CREATE'],
  apiGroups: ['none.example.com'],
  apiVersions: ['v1'],
  resources: ['nones'],
}
const WEBHOOK = {
  name: 'hook.example.com',
  clientConfig: { url: 'https://hook.example.com/kf' },
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
}

/** A namespace for each namespaced resource: quotas and limits of one must not meet objects of another. */
export function namespaceOf({ group, version, plural }: Resource): string {
  return `kf-${group.split('.')[0] || 'core'}-${version}-${plural}`
}

/** The object number `index` of the resource, with only what it cannot do without. */
export function minimalObject(resource: Resource, index: number): Record<string, unknown> {
  const { group, version, plural, kind, namespaced } = resource
  const body = BODIES[`${plural} ${version} ${group || 'core'}`] ?? BODIES[plural]
  const name = NAMES[plural]?.(index, version) ?? `kf-${version}-${index}`
  const object = {
    apiVersion: apiVersionOf(resource),
    kind,
    metadata: { name, ...(namespaced && { namespace: namespaceOf(resource) }) },
    ...body?.(index, version),
  }
  // a string may stand in several bodies; nothing of them may be shared
  return JSON.parse(JSON.stringify(object).replaceAll(NAMESPACE, namespaceOf(resource))) as Record<string, unknown>
}

function podSpec(): Body {
  return { containers: [CONTAINER], schedulerName: 'nobody' }
}

function podTemplate(restartPolicy?: string): Body {
  return { metadata: { labels: LABELS }, spec: { ...podSpec(), ...(restartPolicy !== undefined && { restartPolicy }) } }
}
