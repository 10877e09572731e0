import type { V1Container, V1Pod } from '@kubernetes/client-node'
import { pick, type Random } from './random.ts'

export const tiers = ['frontend', 'backend', 'data', 'batch'] as const

const APPS = ['shop', 'search', 'billing', 'mail', 'reports', 'gateway', 'auth', 'stream']
/** Text that is longer in UTF-8 than in JavaScript, that JSON escapes, and that Go's JSON escapes besides. */
const NOTES = ['plain', 'grüße, 世界 🌊', 'a "quoted" \\ path', '<b>&amp;</b>', 'two\nlines\tand a tab', '\u2028 apart']

/** A pod as a cluster has them: one to three containers, volumes, probes, rules of placement; 1 to 6 kB. */
export function makePod(random: Random, name: string): V1Pod {
  const app = pick(random, APPS)
  const containers = Array.from({ length: 1 + Math.floor(random() * 3) }, (_, index) =>
    makeContainer(random, index === 0 ? app : `sidecar-${index}`),
  )
  return {
    metadata: {
      name,
      labels: {
        app,
        tier: pick(random, tiers),
        'app.kubernetes.io/version': `${Math.floor(random() * 9)}.${Math.floor(random() * 30)}.0`,
      },
      annotations: {
        'kubeflume.dev/note': pick(random, NOTES),
        // A key that a decoder looks for, where it is only data.
        'kubeflume.dev/config': JSON.stringify({ items: [{ metadata: { name } }], kind: 'PodList' }),
      },
      ...(random() < 0.05 && { finalizers: ['kubeflume.dev/hold'] }),
    },
    spec: {
      // No node of an existing cluster takes a pod of a scheduler that does not exist.
      schedulerName: 'none',
      containers,
      nodeSelector: { 'kubernetes.io/os': 'linux' },
      tolerations: [{ key: 'spot', operator: 'Exists', effect: 'NoSchedule' }],
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: 'topology.kubernetes.io/zone',
          whenUnsatisfiable: 'ScheduleAnyway',
          labelSelector: { matchLabels: { app } },
        },
      ],
      volumes: [
        { name: 'scratch', emptyDir: {} },
        { name: 'config', configMap: { name: `${app}-config`, optional: true } },
      ],
    },
  }
}

function makeContainer(random: Random, name: string): V1Container {
  const port = 8000 + Math.floor(random() * 1000)
  return {
    name,
    image: `registry.example/${name}:${Math.floor(random() * 100)}`,
    args: ['--listen', `:${port}`, '--verbose'],
    ports: [{ containerPort: port, name: 'http' }],
    env: Array.from({ length: Math.floor(random() * 12) }, (_, index) => ({
      name: `SETTING_${index}`,
      value: pick(random, NOTES).repeat(1 + Math.floor(random() * 4)),
    })),
    resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '256Mi' } },
    readinessProbe: { httpGet: { path: '/ready', port: 'http' }, periodSeconds: 5 },
    livenessProbe: { httpGet: { path: '/live', port }, initialDelaySeconds: 10 },
    volumeMounts: [
      { name: 'scratch', mountPath: '/scratch' },
      { name: 'config', mountPath: '/etc/app', readOnly: true },
    ],
  }
}
