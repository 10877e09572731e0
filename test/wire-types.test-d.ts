/**
 * Holds the generated wire interfaces against client-node's models, which come from the OpenAPI document: two
 * generators that share nothing. `npm run types` is the test.
 */
import type * as client from '@kubernetes/client-node'
import type * as wire from 'kubeflume'

/** client-node renames what is no identifier of its liking; its serializer turns it back. */
interface Renamed {
  _from: 'from'
  _default: 'default'
  _continue: 'continue'
  _not: 'not'
  _enum: 'enum'
  $ref: '$ref'
}
type WireName<K> = K extends keyof Renamed ? Renamed[K] : K

/**
 * A model as it is on the wire: dates are strings, names are the wire's. What must be there is not compared: the
 * models go by what a client must send, the wire types by what a server always does.
 */
type OnWire<M> = M extends Date
  ? string
  : M extends readonly (infer U)[]
    ? OnWire<U>[]
    : M extends object
      ? { [K in keyof M as WireName<K>]?: OnWire<M[K]> | undefined }
      : M

/** Go sends null for what the models do not say can be missing: a zero time, a list that was never made. */
type WithoutNulls<T> = T extends readonly (infer U)[]
  ? WithoutNulls<U>[]
  : T extends object
    ? { [K in keyof T]: WithoutNulls<Exclude<T[K], null>> }
    : T

/** What the model has and the wire type lacks. */
type Missing<Wire, Model> = Exclude<WireName<keyof Model>, keyof Wire>
type None<T extends never> = T
/** What is on the wire fits the model to the last leaf, and has all that the model has. */
type Fits<Wire, Model> =
  WithoutNulls<Wire> extends OnWire<Model> ? ([Missing<Wire, Model>] extends [never] ? true : false) : false
type AllTrue<T extends readonly true[]> = T

export type FitsTheModel = AllTrue<
  [
    Fits<wire.Pod, client.V1Pod>,
    Fits<wire.Deployment, client.V1Deployment>,
    Fits<wire.StatefulSet, client.V1StatefulSet>,
    Fits<wire.DaemonSet, client.V1DaemonSet>,
    Fits<wire.Job, client.V1Job>,
    Fits<wire.CronJob, client.V1CronJob>,
    Fits<wire.ConfigMap, client.V1ConfigMap>,
    Fits<wire.Secret, client.V1Secret>,
    Fits<wire.Service, client.V1Service>,
    Fits<wire.Namespace, client.V1Namespace>,
    Fits<wire.Node, client.V1Node>,
    Fits<wire.PersistentVolume, client.V1PersistentVolume>,
    Fits<wire.PersistentVolumeClaim, client.V1PersistentVolumeClaim>,
    Fits<wire.NetworkPolicy, client.V1NetworkPolicy>,
    Fits<wire.Ingress, client.V1Ingress>,
    Fits<wire.EndpointSlice, client.V1EndpointSlice>,
    Fits<wire.Lease, client.V1Lease>,
    Fits<wire.HorizontalPodAutoscaler, client.V2HorizontalPodAutoscaler>,
    Fits<wire.PodDisruptionBudget, client.V1PodDisruptionBudget>,
    Fits<wire.StorageClass, client.V1StorageClass>,
  ]
>

type Spec<T extends { spec?: unknown }> = NonNullable<T['spec']>
type Status<T extends { status?: unknown }> = NonNullable<T['status']>
type Rule = NonNullable<NonNullable<wire.NetworkPolicy['spec']>['ingress']>[number]

export type LacksNothing = [
  None<Missing<wire.Pod, client.V1Pod>>,
  None<Missing<Spec<wire.Pod>, client.V1PodSpec>>,
  None<Missing<Status<wire.Pod>, client.V1PodStatus>>,
  None<Missing<Spec<wire.Pod>['containers'][number], client.V1Container>>,
  None<Missing<Spec<wire.Deployment>, client.V1DeploymentSpec>>,
  None<Missing<Spec<wire.Service>, client.V1ServiceSpec>>,
  None<Missing<Status<wire.Node>, client.V1NodeStatus>>,
  None<Missing<wire.Secret, client.V1Secret>>,
  None<Missing<Spec<wire.Job>, client.V1JobSpec>>,
  // the field that client-node's typed replace loses: `from` on the wire, `_from` in its models
  None<Missing<Rule, client.V1NetworkPolicyIngressRule>>,
]
