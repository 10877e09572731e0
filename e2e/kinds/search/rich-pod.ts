/** A pod whose parts refer to each other: volumes, claims and what the containers make of them. */

type Body = Readonly<Record<string, unknown>>

const HTTP_GET: Body = {
  path: '/kf',
  port: 'http',
  host: 'kf.example.com',
  scheme: 'HTTPS',
  httpHeaders: [{ name: 'X-Kf', value: 'kf \u2603' }],
}
const TCP: Body = { port: 8080, host: '10.0.0.77' }
const GRPC: Body = { port: 9090, service: 'kf' }
const EXEC: Body = { command: ['sh', '-c', 'true'] }
const TIMES: Body = { initialDelaySeconds: 1, timeoutSeconds: 2, periodSeconds: 3, failureThreshold: 4 }
const GRACE: Body = { ...TIMES, terminationGracePeriodSeconds: 5 }

/** One container for each way to ask and to hook: the handlers exclude each other. */
const HANDLERS: readonly Body[] = [
  {
    livenessProbe: { httpGet: HTTP_GET, ...GRACE, successThreshold: 1 },
    readinessProbe: { tcpSocket: TCP, ...TIMES, successThreshold: 2 },
    startupProbe: { grpc: GRPC, ...GRACE, successThreshold: 1 },
    lifecycle: { postStart: { httpGet: HTTP_GET }, preStop: { sleep: { seconds: 1 } } },
  },
  {
    livenessProbe: { tcpSocket: TCP, ...GRACE },
    readinessProbe: { grpc: GRPC, ...TIMES },
    startupProbe: { exec: EXEC, ...GRACE },
    lifecycle: { postStart: { tcpSocket: TCP }, preStop: { httpGet: HTTP_GET } },
  },
  {
    livenessProbe: { grpc: GRPC, ...GRACE },
    readinessProbe: { exec: EXEC, ...TIMES },
    startupProbe: { httpGet: HTTP_GET, ...GRACE },
    lifecycle: { postStart: { sleep: { seconds: 1 } }, preStop: { exec: EXEC } },
  },
  {
    livenessProbe: { exec: EXEC, ...GRACE },
    readinessProbe: { httpGet: HTTP_GET, ...TIMES },
    startupProbe: { tcpSocket: TCP, ...GRACE },
    lifecycle: { postStart: { exec: EXEC }, preStop: { tcpSocket: TCP }, stopSignal: 'SIGUSR1' },
  },
]

const ENV: readonly Body[] = [
  { name: 'TEXT', value: 'kf \u2603' },
  { name: 'FIELD', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
  { name: 'RESOURCE', valueFrom: { resourceFieldRef: { containerName: 'kf', resource: 'limits.cpu', divisor: '1m' } } },
  { name: 'CONFIG', valueFrom: { configMapKeyRef: { name: 'kf', key: 'kf', optional: true } } },
  { name: 'SECRET', valueFrom: { secretKeyRef: { name: 'kf', key: 'kf', optional: false } } },
  { name: 'FILE', valueFrom: { fileKeyRef: { volumeName: 'empty', path: 'kf', key: 'KF', optional: true } } },
]

const RESOURCES: Body = {
  limits: { cpu: '2', memory: '1Gi', 'example.com/gpu': '1' },
  requests: { cpu: '1500m', memory: '512Mi', 'example.com/gpu': '1' },
  claims: [{ name: 'claim', request: 'gpu' }],
}

function container(name: string, at: number, more?: Body): Body {
  return {
    name,
    image: 'example.com/kf:1',
    ...HANDLERS[at],
    ...more,
    ports: [{ name: 'http', containerPort: 8080 + at, protocol: 'TCP' }],
    ...(at === 0 && {
      env: ENV,
      envFrom: [
        { prefix: 'C_', configMapRef: { name: 'kf', optional: true } },
        { prefix: 'S_', secretRef: { name: 'kf', optional: true } },
      ],
      resources: RESOURCES,
      resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'NotRequired' }],
      volumeMounts: [
        { name: 'empty', mountPath: '/a', readOnly: true, recursiveReadOnly: 'IfPossible', subPath: 'b' },
        { name: 'empty', mountPath: '/c', mountPropagation: 'None', subPathExpr: '$(TEXT)' },
      ],
      volumeDevices: [{ name: 'block', devicePath: '/dev/kf' }],
    }),
  }
}

const DOWNWARD: readonly Body[] = [
  { path: 'name', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' }, mode: 0o400 },
  { path: 'cpu', resourceFieldRef: { containerName: 'kf', resource: 'limits.cpu', divisor: '1m' } },
]
const ITEMS: readonly Body[] = [{ key: 'kf', path: 'kf', mode: 0o644 }]
const LOCAL: Body = { name: 'kf' }

const VOLUMES: readonly Body[] = [
  { name: 'empty', emptyDir: { medium: 'Memory', sizeLimit: '1500Mi' } },
  { name: 'block', persistentVolumeClaim: { claimName: 'kf', readOnly: true } },
  { name: 'downward', downwardAPI: { items: DOWNWARD, defaultMode: 0o600 } },
  {
    name: 'projected',
    projected: {
      defaultMode: 0o440,
      sources: [
        { downwardAPI: { items: DOWNWARD } },
        { serviceAccountToken: { audience: 'kf', expirationSeconds: 3600, path: 'token' } },
        { configMap: { ...LOCAL, items: ITEMS, optional: true } },
        { secret: { ...LOCAL, items: [{ key: 'kf', path: 'kf-secret', mode: 1 }], optional: true } },
        { clusterTrustBundle: { name: 'kf', optional: true, path: 'bundle-1' } },
        {
          clusterTrustBundle: {
            signerName: 'example.com/signer',
            labelSelector: {
              matchLabels: { app: 'kf' },
              matchExpressions: [{ key: 'app', operator: 'In', values: ['kf'] }],
            },
            path: 'bundle-2',
          },
        },
        {
          podCertificate: {
            signerName: 'example.com/signer',
            keyType: 'ED25519',
            maxExpirationSeconds: 86_400,
            credentialBundlePath: 'credentials',
            userAnnotations: { 'example.com/kf': 'kf' },
          },
        },
        {
          podCertificate: {
            signerName: 'example.com/signer',
            keyType: 'RSA3072',
            keyPath: 'key',
            certificateChainPath: 'chain',
          },
        },
      ],
    },
  },
  {
    name: 'iscsi',
    iscsi: {
      targetPortal: '10.0.0.77',
      iqn: 'iqn.2001-04.com.example:storage.kf',
      lun: 1,
      iscsiInterface: 'kf',
      fsType: 'ext4',
      readOnly: true,
      portals: ['10.0.0.78', '10.0.0.79'],
      chapAuthDiscovery: true,
      chapAuthSession: true,
      secretRef: LOCAL,
      initiatorName: 'iqn.2001-04.com.example:initiator',
    },
  },
  {
    name: 'quobyte',
    quobyte: { registry: 'kf:1', volume: 'kf', readOnly: true, user: 'kf', group: 'kf', tenant: 'kf' },
  },
  {
    name: 'ephemeral',
    ephemeral: {
      volumeClaimTemplate: {
        metadata: { labels: { app: 'kf' }, annotations: { 'example.com/kf': 'kf' } },
        spec: {
          accessModes: ['ReadWriteOnce'],
          resources: { requests: { storage: '1Gi' }, limits: { storage: '2Gi' } },
          selector: {
            matchLabels: { app: 'kf' },
            matchExpressions: [{ key: 'app', operator: 'In', values: ['kf'] }],
          },
          storageClassName: 'kf',
          volumeName: 'kf',
          volumeMode: 'Filesystem',
          volumeAttributesClassName: 'kf',
        },
      },
    },
  },
  { name: 'image', image: { reference: 'example.com/kf:1', pullPolicy: 'IfNotPresent' } },
]

export const RICH_POD_SPEC: Body = {
  containers: HANDLERS.map((_, at) => container(at === 0 ? 'kf' : `kf-${at}`, at)),
  initContainers: HANDLERS.map((_, at) => container(`init-${at}`, at, { restartPolicy: 'Always' })),
  volumes: VOLUMES,
  resourceClaims: [
    { name: 'claim', resourceClaimName: 'kf' },
    { name: 'template', resourceClaimTemplateName: 'kf' },
  ],
  tolerations: [
    { key: 'example.com/kf', operator: 'Equal', value: 'kf', effect: 'NoExecute', tolerationSeconds: 60 },
    { key: 'example.com/any', operator: 'Exists' },
  ],
  schedulerName: 'nobody',
  serviceAccountName: 'kf',
  os: { name: 'linux' },
  priorityClassName: 'kf',
  runtimeClassName: 'kf',
  dnsPolicy: 'None',
  dnsConfig: { nameservers: ['10.0.0.10'], searches: ['kf.example.com'], options: [{ name: 'ndots', value: '2' }] },
}
