import { CERTIFICATE_BYTES, SIGNING_REQUEST_DER } from '../certificates.ts'
import { API_HINTS } from './api-hints.ts'
import { DEVICE_HINTS } from './device-hints.ts'
import { RICH_POD_SPEC } from './rich-pod.ts'

const TIME = '2024-01-02T03:04:05Z'
const REQUIREMENT = { key: 'example.com/kf', operator: 'In', values: ['kf', 'fk'] }
const METRIC = { name: 'kf', selector: { matchLabels: { app: 'kf' }, matchExpressions: [REQUIREMENT] } }
const SCALED = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'kf' }
const SECRET = { name: 'kf', namespace: 'default' }

/**
 * Values of whole fields that no rule finds, by message and field, whatever the package: those that
 * must agree with another field, or are in a form of their own.
 */
export const HINTS: Readonly<Record<string, readonly unknown[]>> = {
  ...API_HINTS,
  ...DEVICE_HINTS,

  'ObjectMeta.managedFields': [
    [
      {
        manager: 'kf',
        operation: 'Update',
        apiVersion: 'v1',
        time: TIME,
        fieldsType: 'FieldsV1',
        fieldsV1: { 'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } } },
        subresource: 'scale',
      },
    ],
  ],
  'LabelSelector.matchExpressions': [
    [
      { key: 'app', operator: 'In', values: ['kf', 'fk'] },
      { key: 'tier', operator: 'DoesNotExist' },
    ],
  ],
  'NodeSelectorTerm.matchExpressions': [[REQUIREMENT]],
  'NodeSelectorTerm.matchFields': [[{ key: 'metadata.name', operator: 'In', values: ['kf'] }]],

  'Pod.spec': [RICH_POD_SPEC],
  'PodTemplateSpec.spec': [RICH_POD_SPEC],
  'PodOS.name': ['linux', 'windows'],
  'PodStatus.conditions': [
    [
      {
        type: 'Ready',
        status: 'True',
        observedGeneration: 1,
        lastProbeTime: TIME,
        lastTransitionTime: TIME,
        reason: 'Kf',
        message: 'kf',
      },
    ],
  ],
  'PodStatus.resourceClaimStatuses': [[{ name: 'claim', resourceClaimName: 'kf' }]],
  'PodStatus.extendedResourceClaimStatus': [
    {
      requestMappings: [{ containerName: 'kf', resourceName: 'example.com/gpu', requestName: 'container-0-request-0' }],
      resourceClaimName: 'kf',
    },
  ],
  'PodStatus.nodeAllocatableResourceClaimStatuses': [
    [{ resourceClaimName: 'kf', containers: ['kf'], resources: { cpu: '1' } }],
  ],
  'ResourceRequirements.claims': [[{ name: 'claim', request: 'gpu' }]],
  'EphemeralContainer.targetContainerName': ['kf'],
  'EphemeralContainerCommon.volumeMounts': [
    [
      { name: 'empty', mountPath: '/a', readOnly: true, recursiveReadOnly: 'IfPossible' },
      { name: 'empty', mountPath: '/b', mountPropagation: 'None' },
    ],
  ],
  'EphemeralContainerCommon.volumeDevices': [[{ name: 'block', devicePath: '/dev/kf' }]],

  'StatefulSetSpec.volumeClaimTemplates': [
    [
      {
        metadata: { name: 'claims', labels: { app: 'kf' } },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      },
    ],
  ],
  'PodFailurePolicyOnExitCodesRequirement.containerName': ['kf'],
  'SuccessPolicyRule.succeededIndexes': ['0-1'],
  'JobSpec.manualSelector': [true],
  'JobStatus.completedIndexes': ['0,2'],
  'JobStatus.failedIndexes': ['1'],
  'Job.status': [
    {
      conditions: ['SuccessCriteriaMet', 'Complete'].map((type) => ({
        type,
        status: 'True',
        lastProbeTime: TIME,
        lastTransitionTime: TIME,
        reason: 'Kf',
        message: 'kf',
      })),
      startTime: TIME,
      completionTime: '2024-01-02T04:04:05Z',
      succeeded: 3,
      completedIndexes: '0-2',
      uncountedTerminatedPods: {},
    },
  ],
  'CronJobSpec.timeZone': ['Etc/UTC'],

  'ServiceSpec.type': ['LoadBalancer', 'NodePort', 'ExternalName'],
  'ServiceSpec.sessionAffinity': ['ClientIP'],
  'Service.spec': [
    {
      type: 'LoadBalancer',
      ports: [
        { name: 'http', port: 80, nodePort: 30_080, targetPort: 'http', protocol: 'TCP', appProtocol: 'http' },
        { name: 'dns', port: 53, nodePort: 30_082, targetPort: 53, protocol: 'UDP' },
      ],
      selector: { app: 'kf' },
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 100 } },
      externalTrafficPolicy: 'Local',
      healthCheckNodePort: 30_200,
      loadBalancerSourceRanges: ['10.7.0.0/24', '10.8.0.0/24'],
      loadBalancerClass: 'example.com/kf',
      loadBalancerIP: '192.0.2.1',
      allocateLoadBalancerNodePorts: true,
    },
  ],
  'LoadBalancerStatus.ingress': [
    [
      { ip: '192.0.2.7', ipMode: 'VIP', ports: [{ port: 80, protocol: 'TCP', error: 'Kf' }] },
      { hostname: 'kf.example.com' },
    ],
  ],
  'IPBlock.except': [['10.7.0.0/28', '10.7.0.64/28']],
  'IPBlock.cidr': ['10.7.0.0/24'],
  'ServiceAccount.secrets': [
    [
      {
        kind: 'Secret',
        namespace: 'default',
        name: 'kf',
        uid: '6b1bd9a2-6a53-4cb0-9d0b-0d1c3f5a7e12',
        apiVersion: 'v1',
        resourceVersion: '1',
        fieldPath: 'kf',
      },
    ],
  ],
  'ResourceQuota.spec': [
    {
      hard: { pods: '10', 'requests.cpu': '1500m' },
      scopes: ['NotBestEffort', 'NotTerminating'],
      scopeSelector: { matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: ['kf'] }] },
    },
  ],
  'NodeStatus.declaredFeatures': [['FeatureA', 'FeatureB']],
  'TypedLocalObjectReference.apiGroup': ['snapshot.storage.k8s.io', 'example.com'],
  'PersistentVolumeClaimSpec.dataSource': [
    { apiGroup: 'snapshot.storage.k8s.io', kind: 'VolumeSnapshot', name: 'kf' },
    { kind: 'PersistentVolumeClaim', name: 'kf' },
  ],
  'PersistentVolumeSource.iscsi': [
    {
      targetPortal: '10.0.0.77',
      iqn: 'iqn.2001-04.com.example:storage.kf',
      lun: 1,
      iscsiInterface: 'kf',
      fsType: 'ext4',
      readOnly: true,
      portals: ['10.0.0.78', '10.0.0.79'],
      chapAuthDiscovery: true,
      chapAuthSession: true,
      secretRef: SECRET,
      initiatorName: 'iqn.2001-04.com.example:initiator',
    },
  ],
  'VolumeAttachmentSource.inlineVolumeSpec': [
    {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '1Gi' },
      csi: {
        driver: 'kf.example.com',
        volumeHandle: 'kf',
        readOnly: true,
        fsType: 'ext4',
        volumeAttributes: { kept: 'kf' },
        controllerPublishSecretRef: SECRET,
        nodeStageSecretRef: SECRET,
        nodePublishSecretRef: SECRET,
        controllerExpandSecretRef: SECRET,
        nodeExpandSecretRef: SECRET,
      },
    },
  ],

  'HorizontalPodAutoscalerSpec.metrics': [
    [
      { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
      { type: 'Resource', resource: { name: 'memory', target: { type: 'AverageValue', averageValue: '1500m' } } },
      {
        type: 'ContainerResource',
        containerResource: { name: 'cpu', container: 'kf', target: { type: 'Utilization', averageUtilization: 50 } },
      },
      {
        type: 'ContainerResource',
        containerResource: { name: 'cpu', container: 'fk', target: { type: 'AverageValue', averageValue: '1' } },
      },
      { type: 'Pods', pods: { metric: METRIC, target: { type: 'AverageValue', averageValue: '2Gi' } } },
      { type: 'Object', object: { describedObject: SCALED, metric: METRIC, target: { type: 'Value', value: '10' } } },
      {
        type: 'Object',
        object: { describedObject: SCALED, metric: METRIC, target: { type: 'AverageValue', averageValue: '10' } },
      },
      { type: 'External', external: { metric: METRIC, target: { type: 'Value', value: '3' } } },
      { type: 'External', external: { metric: METRIC, target: { type: 'AverageValue', averageValue: '3' } } },
    ],
  ],

  'CertificateSigningRequestStatus.certificate': [CERTIFICATE_BYTES],
  'ClusterTrustBundleSpec.signerName': ['example.com/signer'],
  'PodCertificateRequestSpec.stubPKCS10Request': [SIGNING_REQUEST_DER],
  'PodCertificateRequest.status': [
    {
      conditions: [{ type: 'Denied', status: 'True', reason: 'Kf', message: 'kf', lastTransitionTime: TIME }],
    },
  ],

  'IngressClassSpec.parameters': [
    { apiGroup: 'example.com', kind: 'Kf', name: 'kf', scope: 'Namespace', namespace: 'default' },
  ],
  'HTTPIngressRuleValue.paths': [
    [
      { path: '/number', pathType: 'Prefix', backend: { service: { name: 'kf', port: { number: 80 } } } },
      { path: '/name', pathType: 'Exact', backend: { service: { name: 'kf', port: { name: 'http' } } } },
      {
        pathType: 'ImplementationSpecific',
        backend: { resource: { apiGroup: 'example.com', kind: 'Kf', name: 'kf' } },
      },
    ],
  ],
}
