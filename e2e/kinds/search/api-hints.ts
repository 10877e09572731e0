import { CERTIFICATE_BYTES } from '../certificates.ts'

const SERVICE = { namespace: 'default', name: 'kf', path: '/kf', port: 8443 }

const TEXT = { type: 'string', maxLength: 20, minLength: 1, pattern: '^kf.*$', format: 'hostname' }

/** Structural, so that the server takes it; what only unstructured schemas had is refused anyway. */
const SCHEMA = {
  type: 'object',
  description: 'kf \u2603',
  title: 'kf',
  required: ['spec'],
  properties: {
    spec: {
      type: 'object',
      minProperties: 1,
      maxProperties: 20,
      properties: {
        text: { ...TEXT, default: 'kf', enum: ['kf', 'kf-2'], example: 'kf' },
        number: {
          type: 'number',
          minimum: 0.5,
          maximum: 1e21,
          exclusiveMinimum: true,
          exclusiveMaximum: true,
          multipleOf: 0.25,
          nullable: true,
        },
        list: {
          type: 'array',
          minItems: 1,
          maxItems: 3,
          items: { type: 'object', required: ['name'], properties: { name: TEXT, value: { type: 'integer' } } },
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
        },
        map: { type: 'object', additionalProperties: { type: 'string' }, 'x-kubernetes-map-type': 'granular' },
        any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        embedded: { type: 'object', 'x-kubernetes-embedded-resource': true, properties: { spec: { type: 'object' } } },
        intOrString: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] },
        replicas: { type: 'integer', not: { minimum: 10 }, allOf: [{ maximum: 5 }], oneOf: [{ minimum: 0 }] },
      },
      'x-kubernetes-validations': [
        {
          rule: '!oldSelf.hasValue() || !has(self.text) || self.text != "no"',
          message: 'kf',
          messageExpression: '"kf"',
          reason: 'FieldValueInvalid',
          fieldPath: '.text',
          optionalOldSelf: true,
        },
      ],
      externalDocs: { description: 'kf', url: 'https://kf.example.com' },
    },
    status: { type: 'object', properties: { replicas: { type: 'integer' }, selector: { type: 'string' } } },
  },
}

/** Of the groups that describe APIs themselves. */
export const API_HINTS: Readonly<Record<string, readonly unknown[]>> = {
  'CustomResourceValidation.openAPIV3Schema': [SCHEMA],
  'JSONSchemaProps.x-kubernetes-list-type': ['set', 'map', 'atomic'],
  'CustomResourceDefinitionVersion.subresources': [
    {
      status: {},
      scale: {
        specReplicasPath: '.spec.replicas',
        statusReplicasPath: '.status.replicas',
        labelSelectorPath: '.status.selector',
      },
    },
  ],
  'CustomResourceDefinitionVersion.additionalPrinterColumns': [
    [{ name: 'Text', type: 'string', format: 'byte', description: 'kf', priority: 1, jsonPath: '.spec.text' }],
  ],
  'CustomResourceDefinitionVersion.selectableFields': [[{ jsonPath: '.spec.text' }]],
  'CustomResourceDefinitionVersion.deprecationWarning': ['kf is old'],
  'CustomResourceDefinitionVersion.deprecated': [true],
  'CustomResourceDefinitionSpec.conversion': [
    {
      strategy: 'Webhook',
      webhook: { clientConfig: { service: SERVICE, caBundle: CERTIFICATE_BYTES }, conversionReviewVersions: ['v1'] },
    },
  ],
  'MutatingAdmissionPolicySpec.mutations': [
    [
      { patchType: 'ApplyConfiguration', applyConfiguration: { expression: 'Object{}' } },
      { patchType: 'JSONPatch', jsonPatch: { expression: '[JSONPatch{op: "remove", path: "/metadata/labels/kf"}]' } },
    ],
  ],
  'MutatingAdmissionPolicyBindingSpec.paramRef': [
    { name: 'kf', namespace: 'default', parameterNotFoundAction: 'Deny' },
  ],
  'FlowSchemaSpec.rules': [
    [
      {
        subjects: [
          { kind: 'User', user: { name: 'kf' } },
          { kind: 'Group', group: { name: 'kf' } },
          { kind: 'ServiceAccount', serviceAccount: { namespace: 'default', name: 'kf' } },
        ],
        resourceRules: [
          {
            verbs: ['get'],
            apiGroups: ['example.com'],
            resources: ['kfs'],
            clusterScope: true,
            namespaces: ['default'],
          },
        ],
        nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/kf'] }],
      },
    ],
  ],
  'StorageVersionStatus.storageVersions': [
    [{ apiServerID: 'kf', encodingVersion: 'v1', decodableVersions: ['v1', 'v2'], servedVersions: ['v1'] }],
  ],
  'StorageVersionStatus.commonEncodingVersion': ['v1'],
}
