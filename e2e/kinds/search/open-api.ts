import type { ApiClient } from '../api-client.ts'
import type { FieldNode } from '../fields.ts'

interface Schema {
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly items?: Schema
  readonly additionalProperties?: Schema
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
}

/** What the server itself says of the fields: which are required, and which words they take. */
export class OpenApi {
  readonly #schemas = new Map<string, Schema>()

  static async read(client: ApiClient): Promise<OpenApi> {
    const openApi = new OpenApi()
    const { paths } = (await client.expectOk('GET', '/openapi/v3')) as {
      paths: Record<string, { serverRelativeURL: string }>
    }
    for (const [path, { serverRelativeURL }] of Object.entries(paths)) {
      if (!/\/v\d/.test(path)) continue
      const document = (await client.expectOk('GET', serverRelativeURL)) as {
        components?: { schemas?: Record<string, Schema> }
      }
      for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) openApi.#add(name, schema)
    }
    return openApi
  }

  required(message: string): readonly string[] {
    return this.#schemas.get(message)?.required ?? []
  }

  /** The words of an enum, and after them what the description has in quotes. */
  words(node: FieldNode): unknown[] {
    const { description = '', ...schema } = this.#schemaOf(node) ?? {}
    const listed = schema.enum ?? schema.items?.enum ?? schema.additionalProperties?.enum ?? []
    const quoted = [...description.matchAll(/["'`\\](?<word>[A-Z][A-Za-z]{2,30})["'`\\]/g)].map(
      ({ groups }) => groups!['word'],
    )
    return [...listed.filter((word) => word !== ''), ...quoted]
  }

  /** Embedded structs have no schema of their own: their fields are the outer one's. */
  #schemaOf({ owner, json, parent }: FieldNode): Schema | undefined {
    const own = this.#schemas.get(owner)?.properties?.[json]
    return own ?? (parent && this.#schemas.get(parent.field.message)?.properties?.[json])
  }

  /** `io.k8s.api.core.v1.Pod` is `core/v1.Pod`. */
  #add(name: string, schema: Schema): void {
    const { pkg, version, type } = /\.(?<pkg>[a-z0-9]+)\.(?<version>v\d\w*)\.(?<type>\w+)$/.exec(name)?.groups ?? {}
    if (pkg !== undefined) this.#schemas.set(`${pkg}/${version}.${type}`, schema)
  }
}
