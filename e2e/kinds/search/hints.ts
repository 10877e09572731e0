import { RICH_POD_SPEC } from './rich-pod.ts'

/** Values of whole fields that no rule finds, by message and field, whatever the package. */
export const HINTS: Readonly<Record<string, readonly unknown[]>> = {
  'Pod.spec': [RICH_POD_SPEC],
  'PodTemplateSpec.spec': [RICH_POD_SPEC],
  'LabelSelector.matchExpressions': [
    [
      { key: 'app', operator: 'In', values: ['kf', 'fk'] },
      { key: 'tier', operator: 'Exists' },
    ],
  ],
  'NodeSelectorTerm.matchExpressions': [[{ key: 'example.com/kf', operator: 'In', values: ['kf', 'fk'] }]],
  'NodeSelectorTerm.matchFields': [[{ key: 'metadata.name', operator: 'In', values: ['kf'] }]],
  'PodOS.name': ['linux', 'windows'],
  'ResourceRequirements.claims': [[{ name: 'claim', request: 'gpu' }]],
  'ServiceSpec.type': ['LoadBalancer', 'NodePort', 'ExternalName'],
  'ServiceSpec.sessionAffinity': ['ClientIP'],
  'ServiceSpec.externalTrafficPolicy': ['Local'],
  'IPBlock.except': [['10.7.0.0/28', '10.7.0.64/28']],
  'IPBlock.cidr': ['10.7.0.0/24'],
}
