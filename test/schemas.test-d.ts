/**
 * Custom resources whose types are those of schemas, of two libraries that share nothing but Standard Schema.
 * `npm run types` is the test: an unused `@ts-expect-error` is an error.
 */
import {
  createInformer,
  createWriter,
  type CustomResource,
  customResource,
  type DeepReadonly,
  type KubeConfigLike,
  type KubernetesObject,
  type New,
  type ObjectOf,
  type Resource,
} from 'kubeflume'
import * as v from 'valibot'
import { z } from 'zod'

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false

declare const kubeConfig: KubeConfigLike
const kind = { group: 'example.com', version: 'v1', plural: 'widgets', kind: 'Widget' } as const

/** What both schemas take in: what has a default may be left out. */
interface Spec {
  size: number
  color?: string | undefined
  replicas?: number | undefined
  port: number | string
  source: { type: 'git'; url: string } | { type: 'image'; tag?: string | undefined }
  containers: { name: string; args?: string[] | undefined }[]
  matrix: number[][]
  labels: Record<string, string>
  limits?: Record<string, { max: number | null }> | undefined
}
interface Status {
  phase: 'Ready' | 'Failed'
  observedGeneration?: number | undefined
}

const zodSpec = z.object({
  size: z.number().int().positive(),
  color: z.string().optional(),
  replicas: z.number().default(1),
  port: z.union([z.number(), z.string()]),
  source: z.discriminatedUnion('type', [
    z.object({ type: z.literal('git'), url: z.string() }),
    z.object({ type: z.literal('image'), tag: z.string().optional() }),
  ]),
  containers: z.array(z.object({ name: z.string(), args: z.array(z.string()).optional() })),
  matrix: z.array(z.array(z.number())),
  labels: z.record(z.string(), z.string()),
  limits: z.record(z.string(), z.object({ max: z.number().nullable() })).optional(),
})
const zodStatus = z.object({ phase: z.enum(['Ready', 'Failed']), observedGeneration: z.number().optional() })

const valibotSpec = v.object({
  size: v.pipe(v.number(), v.integer()),
  color: v.optional(v.string()),
  replicas: v.optional(v.number(), 1),
  port: v.union([v.number(), v.string()]),
  source: v.variant('type', [
    v.object({ type: v.literal('git'), url: v.string() }),
    v.object({ type: v.literal('image'), tag: v.optional(v.string()) }),
  ]),
  containers: v.array(v.object({ name: v.string(), args: v.optional(v.array(v.string())) })),
  matrix: v.array(v.array(v.number())),
  labels: v.record(v.string(), v.string()),
  limits: v.optional(v.record(v.string(), v.object({ max: v.nullable(v.number()) }))),
})
const valibotStatus = v.object({
  phase: v.picklist(['Ready', 'Failed']),
  observedGeneration: v.optional(v.number()),
})

const byZod = customResource({ ...kind, spec: zodSpec, status: zodStatus })
const byValibot = customResource({ ...kind, namespaced: false, spec: valibotSpec, status: valibotStatus })

// the type is the input's: nothing is parsed, so what is on the wire is what goes in
type Widget = CustomResource<Spec, Status>
provide<ObjectOf<typeof byZod>>() satisfies Widget
provide<Widget>() satisfies ObjectOf<typeof byZod>
provide<ObjectOf<typeof byValibot>>() satisfies Widget
provide<Widget>() satisfies ObjectOf<typeof byValibot>
byZod satisfies Resource
// @ts-expect-error replicas has a default, so it may be missing on the way in
provide<ObjectOf<typeof byZod>['spec']['replicas']>() satisfies number
// @ts-expect-error and with valibot
provide<ObjectOf<typeof byValibot>['spec']['replicas']>() satisfies number
// a transformation changes the output alone
const transformed = customResource({ ...kind, spec: z.object({ at: z.string().transform((text) => text.length) }) })
provide<Equal<ObjectOf<typeof transformed>['spec'], { at: string }>>() satisfies true

// a type does it, too
interface Gadget extends KubernetesObject {
  spec: { size: number }
}
customResource<Gadget>(kind) satisfies Resource<Gadget>
// @ts-expect-error but not both
customResource<Gadget>({ ...kind, spec: zodSpec })

// a schema of the status is not needed, and may be passed on as undefined
const withoutStatus = customResource({ ...kind, spec: zodSpec, status: undefined })
provide<Equal<ObjectOf<typeof withoutStatus>['status'], unknown>>() satisfies true
// @ts-expect-error a spec that is no schema
customResource({ ...kind, spec: { size: 1 } })
// @ts-expect-error a schema of the spec without the kind
customResource({ group: 'example.com', version: 'v1', plural: 'widgets', spec: zodSpec })

// reads are read-only to the last leaf, in arrays, unions and records
const informer = createInformer(kubeConfig, byZod, { indexes: { size: (widget) => [String(widget.spec.size)] } })
const widget = informer.store.get('web/a')!
widget.spec.matrix[0]?.[0] satisfies number | undefined
widget.spec.limits?.['cpu']?.max satisfies number | null | undefined
widget.status?.phase satisfies 'Ready' | 'Failed' | undefined
if (widget.spec.source.type === 'git') widget.spec.source.url satisfies string
// @ts-expect-error only git has a url
widget.spec.source.url satisfies string
// @ts-expect-error a field
widget.spec.size = 2
// @ts-expect-error an element
widget.spec.matrix[0]![0] = 1
// @ts-expect-error a method that changes an array
widget.spec.containers[0]!.args!.push('x')
// @ts-expect-error an entry
widget.spec.labels['a'] = 'b'
// @ts-expect-error an entry's field
widget.spec.limits!['cpu']!.max = 1

// what is created has the fields of the input and no status
const writer = createWriter(kubeConfig, byValibot)
const spec = {
  size: 1,
  port: 'http',
  source: { type: 'image' },
  containers: [{ name: 'a' }],
  matrix: [],
  labels: {},
} as const
void writer.create({ metadata: { name: 'a' }, spec })
provide<New<Widget>>() satisfies New<ObjectOf<typeof byValibot>>
// @ts-expect-error size is missing
void writer.create({ metadata: { name: 'a' }, spec: { ...spec, size: undefined } })
// @ts-expect-error the server's part
void writer.create({ metadata: { name: 'a' }, spec, status: { phase: 'Ready' } })
// @ts-expect-error of no kind of source
void writer.create({ metadata: { name: 'a' }, spec: { ...spec, source: { type: 'ftp' } } })
void writer.apply({ status: { phase: 'Failed' } }, { fieldManager: 'me', subresource: 'status' })
void writer.patch(widget, (draft) => draft.spec.matrix.push([1]))
// what was written can be written again, with an open status too
const open = createWriter(kubeConfig, withoutStatus)
void open.patch(await open.create({ metadata: { name: 'a' }, spec }), (draft) => (draft.spec.size = 2))
void open.delete(await open.create({ metadata: { name: 'a' }, spec }))
provide<DeepReadonly<Widget>>() satisfies DeepReadonly<ObjectOf<typeof byZod>>

declare function provide<T>(): T
