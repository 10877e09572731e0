import { type Document, isNode, LineCounter, parseAllDocuments } from 'yaml'
import { KubeflumeError } from '../api/errors.ts'
import { isMap } from './schema.ts'

/** The way to a value in a document. */
export type Path = readonly (string | number)[]

/** One version of a CustomResourceDefinition that a server serves. */
export interface DefinedVersion {
  readonly name: string
  /** What the server says to those who use it; undefined where it is not deprecated. */
  readonly deprecation: string | undefined
  /** Not looked at yet; undefined where there is none. */
  readonly schema: unknown
  readonly schemaPath: Path
}

/** A CustomResourceDefinition as it was read. */
export interface Definition {
  readonly group: string
  readonly plural: string
  readonly kind: string
  readonly namespaced: boolean
  /** Those that are served, in the order of the document. */
  readonly versions: readonly DefinedVersion[]
  /** An error that names the file and the line of the value in the definition, or of the nearest one above it. */
  errorAt(path: Path, why: string): KubeflumeError
}

/**
 * Reads the CustomResourceDefinitions of a text, YAML of any number of documents or JSON; a `List` of them
 * too. Other objects are left out.
 *
 * @param file what the text is called in errors
 * @throws {KubeflumeError} `ERR_DEFINITION` for what is no YAML, a definition that lacks something, and a text that has none
 */
export function definitionsIn(text: string, file: string): Definition[] {
  const lines = new LineCounter()
  // as kubectl reads it: YAML 1.1 without its words for true and false
  const options = {
    version: '1.1',
    schema: 'core',
    merge: true,
    prettyErrors: false,
    logLevel: 'error',
    lineCounter: lines,
  } as const
  const found = [...parseAllDocuments(text, options)].flatMap((document) => {
    const errorAt = (path: Path, why: string): KubeflumeError =>
      definitionError(file, lines.linePos(offsetOf(document, path)).line, why)
    const [error] = document.errors
    if (error !== undefined) throw definitionError(file, lines.linePos(error.pos[0]).line, error.message)
    return read(valueOf(document, errorAt), [], errorAt)
  })
  if (found.length === 0) throw definitionError(file, 1, 'there is no CustomResourceDefinition')
  return found
}

type ErrorAt = Definition['errorAt']

/** Deeper than any list that is meant; what an alias that contains itself comes to. */
const MAX_LIST_DEPTH = 8

function valueOf(document: Document.Parsed, errorAt: ErrorAt): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 })
  } catch (cause) {
    throw errorAt([], (cause as Error).message) // aliases that grow without end
  }
}

function read(value: unknown, path: Path, errorAt: ErrorAt): Definition[] {
  if (!isMap(value)) return []
  if (path.length > MAX_LIST_DEPTH * 2) throw errorAt(path.slice(0, 2), 'the lists are nested too deeply')
  if (Array.isArray(value['items']) && String(value['kind']).endsWith('List')) {
    return value['items'].flatMap((item, index) => read(item, [...path, 'items', index], errorAt))
  }
  if (value['kind'] !== 'CustomResourceDefinition') return []
  if (value['apiVersion'] !== 'apiextensions.k8s.io/v1') {
    throw errorAt([...path, 'apiVersion'], 'only apiextensions.k8s.io/v1 is known')
  }
  return [definition(value, path, errorAt)]
}

function definition(value: { readonly [key: string]: unknown }, path: Path, errorAt: ErrorAt): Definition {
  const errorHere: ErrorAt = (way, why) => errorAt([...path, ...way], why)
  const textAt = (way: Path, form = PART): string => {
    const text = at(value, way)
    if (typeof text === 'string' && form.test(text)) return text
    throw errorHere(way, `${way.join('.')} is ${text === undefined ? 'missing' : 'no name'}`)
  }
  const versions = at(value, ['spec', 'versions'])
  if (!Array.isArray(versions)) throw errorHere(['spec', 'versions'], 'spec.versions is no list')
  return {
    group: textAt(['spec', 'group']),
    plural: textAt(['spec', 'names', 'plural'], NAME),
    kind: textAt(['spec', 'names', 'kind'], NAME),
    namespaced: textAt(['spec', 'scope']) !== 'Cluster',
    versions: versions.flatMap((version, index) => {
      if (at(version, ['served']) !== true) return []
      const name = textAt(['spec', 'versions', index, 'name'])
      const schema = at(version, ['schema', 'openAPIV3Schema'])
      const schemaPath = ['spec', 'versions', index, 'schema', 'openAPIV3Schema']
      return [{ name, deprecation: deprecationOf(version), schema, schemaPath }]
    }),
    errorAt: errorHere,
  }
}

function deprecationOf(version: unknown): string | undefined {
  if (at(version, ['deprecated']) !== true) return undefined
  const warning = at(version, ['deprecationWarning'])
  return typeof warning === 'string' ? warning : ''
}

/** What customResource takes. */
const PART = /^[A-Za-z0-9]([-A-Za-z0-9.]*[A-Za-z0-9])?$/
/** What a server takes for a kind and a plural (DNS-1035), and what an interface and a constant can be called by. */
const NAME = /^[A-Za-z]([-A-Za-z0-9]*[A-Za-z0-9])?$/

function at(value: unknown, path: Path): unknown {
  let here = value
  for (const step of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined
    here = (here as { readonly [key: string | number]: unknown })[step]
  }
  return here
}

function offsetOf(document: Document.Parsed, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true)
    if (isNode(node) && node.range) return node.range[0]
  }
  return document.contents?.range[0] ?? document.range[0]
}

function definitionError(file: string, line: number, why: string): KubeflumeError {
  return new KubeflumeError('ERR_DEFINITION', `${file}:${line}: ${why}`)
}
