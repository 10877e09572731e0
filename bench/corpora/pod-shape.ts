import { generatePods, type TestPod } from '../../src/testing/pods.ts'

/** What a corpus's pods are like: `A` with as many managedFields as several managers leave, `B` and `C` with those of two. */
export type Shape = 'A' | 'B'

type Plain = { readonly [field: string]: unknown }

/**
 * Pods of 7.1 kB of JSON and 5.1 kB of protobuf, of which 3.1 kB are managedFields (`A`), or of 5.3 kB and 3.3 kB
 * (`B`): what the rest of the bench calls realistic. Always the same for the same seed.
 */
export function shapePods(shape: Shape, count: number, seed: number): Plain[] {
  return generatePods(count, { seed }).map((pod, index) => {
    const { name, generateName, namespace, uid, managedFields, ...more } = pod.metadata
    const resourceVersion = String(FIRST_VERSION + index)
    const metadata = { name, generateName, namespace, uid, resourceVersion, ...more }
    return {
      metadata: { ...metadata, managedFields: managers(shape, managedFields!) },
      spec: smaller(pod.spec),
      status: pod.status,
    }
  })
}

/** All versions have seven digits, so that one can take another's place in the bytes. */
export const FIRST_VERSION = 1_000_000

type Entries = NonNullable<TestPod['metadata']['managedFields']>
type Container = TestPod['spec']['containers'][number]

function managers(shape: Shape, [controller, kubelet]: Entries): Plain[] {
  const fields = controller!.fieldsV1 as { readonly 'f:metadata': Plain; readonly 'f:spec': Plain }
  if (shape === 'A') {
    const webhook = { 'f:metadata': fields['f:metadata'], 'f:spec': onlyMain(fields['f:spec']) }
    return [{ ...controller! }, { ...controller!, manager: 'sidecar-injector', fieldsV1: webhook }, { ...kubelet! }]
  }
  const own = { 'f:metadata': fields['f:metadata'], 'f:spec': onlyMain(fields['f:spec']) }
  return [{ ...controller!, fieldsV1: own }, { ...kubelet! }]
}

function onlyMain(spec: Plain): Plain {
  const [[name, container] = []] = Object.entries(spec['f:containers'] as Plain)
  return { ...spec, 'f:containers': { [name!]: container } }
}

/** The spec of a pod that gets its settings from one ConfigMap and tolerates nothing special. */
function smaller({ tolerations: _tolerations, containers, ...spec }: TestPod['spec']): Plain {
  const shorten = ({ args: _args, env, ports: _ports, readinessProbe: _probe, ...container }: Container): Plain => {
    return { ...container, env: env!.slice(0, 1) }
  }
  return { ...spec, containers: containers.map(shorten) }
}
