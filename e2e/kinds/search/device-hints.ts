const TIME = '2024-01-02T03:04:05Z'
const DRIVER = 'kf.example.com'
const SHARE = '6b1bd9a2-6a53-4cb0-9d0b-0d1c3f5a7e12'
const PARAMETERS = { apiVersion: 'example.com/v1', kind: 'Kf', depth: [{ kept: 'as it is', number: 1.5, none: null }] }
const TOLERATIONS = [
  { key: 'example.com/kf', operator: 'Equal', value: 'kf', effect: 'NoExecute', tolerationSeconds: 60 },
]
const DEVICE = {
  name: 'device-0',
  attributes: {
    int: { int: 2 },
    bool: { bool: true },
    string: { string: 'kf' },
    version: { version: '1.2.3' },
    ints: { ints: [1, 2] },
    bools: { bools: [true, false] },
    strings: { strings: ['kf', 'fk'] },
    versions: { versions: ['1.2.3', '2.0.0'] },
  },
  capacity: {
    memory: { value: '10Gi', requestPolicy: { default: '1Gi', validRange: { min: '1Gi', max: '10Gi', step: '1Gi' } } },
    slots: { value: '8', requestPolicy: { default: '1', validValues: ['1', '2'] } },
  },
  allowMultipleAllocations: true,
}
const REQUEST = { deviceClassName: 'kf', allocationMode: 'ExactCount', count: 2, tolerations: TOLERATIONS }
const SELECTOR = { cel: { expression: 'device.driver == "kf.example.com"' } }

/** Of devices: most of it must agree with what else is in the object. */
export const DEVICE_HINTS: Readonly<Record<string, readonly unknown[]>> = {
  'ResourceClaimSpec.devices': [
    {
      requests: [
        { name: 'kf', exactly: { ...REQUEST, selectors: [SELECTOR], capacity: { requests: { memory: '1Gi' } } } },
        { name: 'either', firstAvailable: [{ name: 'sub', ...REQUEST, selectors: [SELECTOR] }] },
      ],
      constraints: [
        { requests: ['kf'], matchAttribute: `${DRIVER}/int` },
        { requests: ['kf'], distinctAttribute: `${DRIVER}/string` },
      ],
      config: [{ requests: ['kf'], opaque: { driver: DRIVER, parameters: PARAMETERS } }],
    },
    {
      requests: [
        { name: 'kf', ...REQUEST, selectors: [SELECTOR], capacity: { requests: { memory: '1Gi' } } },
        { name: 'either', firstAvailable: [{ name: 'sub', ...REQUEST, selectors: [SELECTOR] }] },
      ],
      constraints: [{ requests: ['kf'], matchAttribute: `${DRIVER}/int` }],
      config: [{ requests: ['kf'], opaque: { driver: DRIVER, parameters: PARAMETERS } }],
    },
  ],
  'DeviceClaim.constraints': [
    [
      { requests: ['kf'], matchAttribute: `${DRIVER}/int` },
      { requests: ['kf'], distinctAttribute: `${DRIVER}/string` },
    ],
  ],
  'DeviceClaimConfiguration.requests': [['kf']],
  'AllocationResult.devices': [
    {
      results: [
        {
          request: 'kf',
          driver: DRIVER,
          pool: 'kf',
          device: 'device-0',
          adminAccess: false,
          tolerations: TOLERATIONS,
          bindingConditions: ['example.com/Bound'],
          bindingFailureConditions: ['example.com/Failed'],
          shareID: SHARE,
          consumedCapacity: { memory: '1Gi' },
        },
      ],
      config: [{ source: 'FromClaim', requests: ['kf'], opaque: { driver: DRIVER, parameters: PARAMETERS } }],
    },
  ],
  'ResourceClaimStatus.devices': [
    [
      {
        driver: DRIVER,
        pool: 'kf',
        device: 'device-0',
        shareID: SHARE,
        conditions: [
          {
            type: 'Ready',
            status: 'True',
            reason: 'Kf',
            message: 'kf',
            lastTransitionTime: TIME,
            observedGeneration: 1,
          },
        ],
        data: PARAMETERS,
        networkData: {
          interfaceName: 'eth0',
          ips: ['10.7.0.1/24', 'fd00::1/64'],
          hardwareAddress: 'aa:bb:cc:dd:ee:ff',
        },
      },
    ],
  ],
  'ResourceSliceSpec.devices': [
    [DEVICE, { ...DEVICE, name: 'device-1' }],
    [{ name: 'device-0', basic: { attributes: { int: { int: 2 } }, capacity: DEVICE.capacity } }],
  ],
  'ResourceSlice.spec': [
    {
      driver: DRIVER,
      pool: { name: 'kf-0', generation: 1, resourceSliceCount: 1 },
      perDeviceNodeSelection: true,
      devices: [
        { ...DEVICE, nodeName: 'kf' },
        { ...DEVICE, name: 'device-1', allNodes: true },
        {
          ...DEVICE,
          name: 'device-2',
          nodeSelector: {
            nodeSelectorTerms: [
              {
                matchExpressions: [{ key: 'example.com/kf', operator: 'In', values: ['kf'] }],
                matchFields: [{ key: 'metadata.name', operator: 'In', values: ['kf'] }],
              },
            ],
          },
        },
      ],
    },
    {
      driver: DRIVER,
      pool: { name: 'kf-0', generation: 1, resourceSliceCount: 1 },
      perDeviceNodeSelection: true,
      devices: [
        { name: 'device-0', basic: { nodeName: 'kf', attributes: DEVICE.attributes, capacity: DEVICE.capacity } },
        { name: 'device-1', basic: { allNodes: true } },
        {
          name: 'device-2',
          basic: {
            nodeSelector: {
              nodeSelectorTerms: [
                {
                  matchExpressions: [{ key: 'example.com/kf', operator: 'In', values: ['kf'] }],
                  matchFields: [{ key: 'metadata.name', operator: 'In', values: ['kf'] }],
                },
              ],
            },
          },
        },
      ],
    },
  ],
  'PodGroupSpec.podGroupTemplateRef': [{ workload: { workloadName: 'kf', podGroupTemplateName: 'kf' } }],
  'PodGroupStatus.resourceClaimStatuses': [[{ name: 'claim', resourceClaimName: 'kf' }]],
}
