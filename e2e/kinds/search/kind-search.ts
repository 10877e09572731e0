import type { ApiAnswer, ApiClient } from '../api-client.ts'
import { allFields, coveredPaths, type FieldNode, fieldTree } from '../fields.ts'
import type { FoundObject } from '../found-object.ts'
import { minimalObject } from '../manifests.ts'
import { collectionOf, pathOfObject } from '../paths.ts'
import { nameOf, type ServedResource } from '../served.ts'
import { apiVersionOf } from '../../../src/api/resource.ts'
import { Explorer } from './explorer.ts'
import type { Harvest } from './harvest.ts'
import { probeOf } from './probe.ts'
import type { ValueMaker } from './value-maker.ts'

type Body = Record<string, unknown>

const STRICT = 'dryRun=All&fieldValidation=Strict'
/** Of the root's metadata only what a client chooses. */
const OWN_METADATA = [
  'labels',
  'annotations',
  'finalizers',
  'ownerReferences',
  'generateName',
  'generation',
  'selfLink',
  'managedFields',
]
/** What is written to an object that exists, and which of its fields. */
const SUBRESOURCES: Readonly<Record<string, string>> = {
  status: 'status',
  approval: 'status',
  ephemeralcontainers: 'spec.ephemeralContainers[]',
}

export interface KindResult {
  readonly resource: string
  readonly objects: readonly FoundObject[]
  readonly covered: ReadonlySet<string>
  readonly total: number
  readonly uncovered: readonly string[]
  readonly problems: readonly string[]
}

export interface KindSearchOptions {
  readonly client: ApiClient
  readonly resource: ServedResource
  readonly values: ValueMaker
  readonly harvest: Harvest
  /** See `ExplorerOptions`. */
  readonly refused: Set<string>
}

/** Looks for the objects of one kind, and creates them, so that what was found is known to exist together. */
export class KindSearch {
  readonly #options: KindSearchOptions
  readonly #nodes: readonly FieldNode[]
  readonly #problems: string[] = []
  readonly #covered = new Set<string>()
  /** The next number of an object that nobody has. */
  #next = 0

  constructor(options: KindSearchOptions) {
    this.#options = options
    const nodes = fieldTree(apiVersionOf(options.resource), options.resource.kind)
    if (nodes === undefined) throw new Error(`the table has no kind ${nameOf(options.resource)}`)
    this.#nodes = nodes
  }

  async run(): Promise<KindResult> {
    const objects = [...(await this.#creatable())]
    for (const subresource of Object.keys(SUBRESOURCES)) {
      if (this.#options.resource.subresources.includes(subresource)) objects.push(...(await this.#patched(subresource)))
    }
    objects.push(...(await this.#deleted()))
    const all = [...allFields(this.#nodes)].map(({ path }) => path)
    return {
      resource: nameOf(this.#options.resource),
      objects,
      covered: this.#covered,
      total: all.length,
      uncovered: all.filter((path) => !this.#covered.has(path)),
      problems: this.#problems,
    }
  }

  async #creatable(): Promise<FoundObject[]> {
    const { resource, values, harvest, refused } = this.#options
    const hasStatus = resource.subresources.includes('status')
    const explorer = new Explorer({
      nodes: this.#nodes,
      wants: ({ path }) => isOwnMetadata(path) && !(hasStatus && isIn('status', path)),
      base: (index) => minimalObject(resource, index),
      probe: async (object) => probeOf(await this.#ask('POST', `${collectionOf(resource, object)}?${STRICT}`, object)),
      values,
      refused,
      maxVariants: 40,
    })
    await explorer.run()
    this.#next = explorer.variants.length
    const found: FoundObject[] = []
    for (const object of explorer.variants) {
      harvest.add(this.#nodes, object)
      if (await this.#create(object)) found.push({ resource: nameOf(resource), object })
    }
    return found
  }

  /** Each patch gets a minimal object of its own, because that is what it was tried on. */
  async #patched(subresource: string): Promise<FoundObject[]> {
    const { client, resource, values, harvest, refused } = this.#options
    const root = SUBRESOURCES[subresource]!
    const subject = minimalObject(resource, this.#next++)
    if (!(await this.#create(subject))) return []
    const probe = async (body: Body) =>
      probeOf(await this.#ask('PATCH', `${pathOfObject(resource, subject, subresource)}?${STRICT}`, body))
    const empty = root === 'status' ? { status: {} } : { spec: {} }
    // a status that has required fields cannot be empty
    const base = (await probe(empty)).isTaken ? empty : {}
    const explorer = new Explorer({
      nodes: this.#nodes,
      wants: ({ path }) => isIn(root, path),
      base: () => structuredClone(base),
      probe,
      values,
      refused,
      maxVariants: 12,
    })
    await explorer.run()
    const found: FoundObject[] = []
    for (const [index, body] of explorer.variants.entries()) {
      if (Object.values(body).every((part) => Object.keys(part as object).length === 0)) continue
      harvest.add(this.#nodes, body)
      const object = index === 0 ? subject : minimalObject(resource, this.#next++)
      if (index > 0 && !(await this.#create(object))) continue
      const answer = await client.send('PATCH', pathOfObject(resource, object, subresource), body)
      if (this.#accepted(answer, `${subresource} ${index}`)) {
        found.push({ resource: nameOf(resource), object, patches: [{ subresource, body }] })
      }
    }
    return found
  }

  async #deleted(): Promise<FoundObject[]> {
    const { client, resource } = this.#options
    const object = minimalObject(resource, this.#next++)
    ;(object['metadata'] as Body)['finalizers'] = ['example.com/kept']
    if (!(await this.#create(object))) return []
    const options = { gracePeriodSeconds: 30 }
    const path = pathOfObject(resource, object)
    const answer = await client.send('DELETE', path, options)
    if (!this.#accepted(answer, 'deleted')) return []
    const kept = await client.send('GET', path)
    return this.#accepted(kept, 'still there') ? [{ resource: nameOf(resource), object, isDeleted: true }] : []
  }

  /** Some objects make a handler of the server panic: it hangs up, and has refused them. */
  async #ask(method: 'POST' | 'PATCH', path: string, body: Body): Promise<ApiAnswer> {
    return this.#options.client.send(method, path, body).catch((error: unknown) => ({ status: 0, body: String(error) }))
  }

  async #create(object: Body): Promise<boolean> {
    const { client, resource } = this.#options
    return this.#accepted(await client.send('POST', collectionOf(resource, object), object), 'created')
  }

  #accepted(answer: { status: number; body: unknown }, what: string): boolean {
    const result = probeOf(answer)
    if (result.isTaken) coveredPaths(this.#nodes, result.object, this.#covered)
    else this.#problems.push(`${what}: ${result.message.slice(0, 300)}`)
    return result.isTaken
  }
}

function isOwnMetadata(path: string): boolean {
  const [root, field] = path.split('.')
  return root !== 'metadata' || field === undefined || OWN_METADATA.some((own) => field.startsWith(own))
}

function isIn(root: string, path: string): boolean {
  return path === root || path.startsWith(`${root}.`)
}
