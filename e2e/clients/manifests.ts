const CONTAINER = `
    - name: main
      image: registry.example/shop:1
      imagePullPolicy: IfNotPresent
      resources: {}
      terminationMessagePath: /dev/termination-log
      terminationMessagePolicy: File`

const POD = (name: string): string => `
apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  labels:
    app: shop
spec:
  containers:${CONTAINER}
  dnsPolicy: ClusterFirst
  enableServiceLinks: true
  preemptionPolicy: PreemptLowerPriority
  priority: 0
  restartPolicy: Always
  schedulerName: none
  securityContext: {}
  terminationGracePeriodSeconds: 30
  tolerations:
  - effect: NoExecute
    key: node.kubernetes.io/not-ready
    operator: Exists
    tolerationSeconds: 300
  - effect: NoExecute
    key: node.kubernetes.io/unreachable
    operator: Exists
    tolerationSeconds: 300
`

const SETTINGS = (data: string): string => `
apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  labels:
    app: shop
data:
${data}
`

/** What kubectl is given: with everything that a server would set by itself. */
export const FILES: Readonly<Record<string, string>> = {
  'shop.yaml': [
    SETTINGS('  a: "1"\n  b: "1"'),
    POD('web'),
    `
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  clusterIP: None
  clusterIPs: [None]
  internalTrafficPolicy: Cluster
  ipFamilies: [IPv4]
  ipFamilyPolicy: SingleStack
  sessionAffinity: None
  type: ClusterIP
  selector:
    app: shop
  ports:
  - name: http
    port: 80
    protocol: TCP
    targetPort: 8080
`,
    `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  progressDeadlineSeconds: 600
  revisionHistoryLimit: 10
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxSurge: 25%
      maxUnavailable: 25%
  selector:
    matchLabels:
      app: shop
  template:
    metadata:
      labels:
        app: shop
    spec:
      containers:${CONTAINER.replaceAll('\n', '\n    ')}
      dnsPolicy: ClusterFirst
      restartPolicy: Always
      schedulerName: none
      securityContext: {}
      terminationGracePeriodSeconds: 30
`,
  ].join('---\n'),
  'changed.yaml': SETTINGS('  a: "9"\n  d: "4"'),
  'applied.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: applied\ndata:\n  x: "1"\n',
  'pod.yaml': POD('single'),
  'kind.yaml': `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: widgets.kubectl.example.com
spec:
  group: kubectl.example.com
  scope: Namespaced
  names:
    plural: widgets
    singular: widget
    kind: Widget
    listKind: WidgetList
    shortNames: [wd]
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties:
              size:
                type: integer
              color:
                type: string
    additionalPrinterColumns:
    - name: Size
      type: integer
      jsonPath: .spec.size
    - name: Color
      type: string
      jsonPath: .spec.color
      priority: 1
`,
  'widget.yaml': `
apiVersion: kubectl.example.com/v1
kind: Widget
metadata:
  name: one
spec:
  size: 3
  color: red
`,
}
