import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { type Definition, definitionsIn } from './definition.ts'
import { type ModuleOptions, typeModule } from './type-module.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const testdata = fileURLToPath(new URL('./testdata/', import.meta.url))
const read = (file: string): Definition[] => definitionsIn(readFileSync(testdata + file, 'utf8'), file)
const NEWEST: ModuleOptions = { version: 'newest', hasConstants: true }
const files = readdirSync(testdata).filter((file) => /\.(yaml|json)$/.test(file))

/** A definition of which only the schema of `spec` is said. */
function withSpec(spec: string): Definition[] {
  const head = [
    'apiVersion: apiextensions.k8s.io/v1',
    'kind: CustomResourceDefinition',
    'spec:',
    '  group: example.com',
    '  scope: Namespaced',
    '  names: { plural: widgets, kind: Widget }',
    '  versions:',
    '  - name: v1',
    '    served: true',
    '    schema:',
    '      openAPIV3Schema:',
    '        type: object',
    '        properties:',
  ]
  return definitionsIn([...head, `          spec: ${spec}`, ''].join('\n'), 'widgets.yaml')
}

/** The declaration of `spec`, as it comes out. */
function specOf(schema: string): string {
  const module = typeModule(withSpec(schema), { version: 'newest', hasConstants: false })
  return /^ {2}spec\?: ([^]*?)\n}/m.exec(module)![1]!
}

describe('the type of a schema', () => {
  test.each([
    ['{ type: string }', 'string'],
    ['{ type: integer, format: int64 }', 'number'],
    ['{ type: number }', 'number'],
    ['{ type: boolean }', 'boolean'],
    ['{ type: string, nullable: true }', 'string | null'],
    ['{ x-kubernetes-int-or-string: true }', 'number | string'],
    ['{ anyOf: [{ type: integer }, { type: string }], x-kubernetes-int-or-string: true }', 'number | string'],
    ['{ type: array, items: { type: string } }', 'string[]'],
    ['{ type: array, items: { type: string, nullable: true } }', '(string | null)[]'],
    ['{ type: array, items: { x-kubernetes-int-or-string: true } }', '(number | string)[]'],
    ['{ type: array }', 'Json[]'],
    ['{ type: object, additionalProperties: { type: string } }', '{ [key: string]: string }'],
    ['{ type: object, additionalProperties: true }', '{ [key: string]: Json }'],
    ['{ type: object, x-kubernetes-preserve-unknown-fields: true }', '{ [key: string]: Json }'],
    ['{ x-kubernetes-preserve-unknown-fields: true }', 'Json'],
    ['{ type: object }', '{ [key: string]: never }'],
    ['{ type: object, properties: {} }', '{ [key: string]: never }'],
    ['{ type: object, properties: { a: { type: string } } }', 'WidgetSpec'],
  ])('%s is %s', (schema, type) => {
    expect(specOf(schema)).toBe(type)
  })

  test('that is an enum is a union of its own', () => {
    const module = typeModule(withSpec('{ enum: [a, 1, null, true, a], nullable: true }'), NEWEST)
    expect(module).toContain("export type WidgetSpec = 'a' | 1 | null | true\n")
  })

  test('is described where it stands, and an element above its own declaration', () => {
    const module = typeModule(
      withSpec(
        '{ type: array, description: all, default: [], items: { type: object, description: "one */", properties: { a: { type: string } } } }',
      ),
      NEWEST,
    )
    expect(module).toContain('  /**\n   * all\n   * @default []\n   */\n  spec?: WidgetSpec[]\n')
    expect(module).toContain('/** one *\\/ */\nexport interface WidgetSpec {\n')
  })
})

describe('a module of types', () => {
  test('has the newest stable version that is served', () => {
    const module = typeModule(read('routes.json'), NEWEST)
    expect(module).toContain("apiVersion: 'gateway.example/v1'")
    expect(module).not.toContain('v1beta1')
  })

  test('has the version that is asked for, and says that it is deprecated', () => {
    const module = typeModule(read('routes.json'), { ...NEWEST, version: 'v1beta1' })
    expect(module).toContain('/** @deprecated gateway.example/v1beta1 HTTPRoute is deprecated; use v1 */')
    expect(module).toContain("version: 'v1beta1'")
  })

  test('has all versions, the newest with the plain name', () => {
    const module = typeModule(read('routes.json'), { ...NEWEST, version: 'all' })
    expect(
      [...module.matchAll(/^export (?:interface|const) (HTTPRouteV\w+|HTTPRoute|httproutes\w*)\b/gm)].map(
        ([, name]) => name,
      ),
    ).toEqual(['HTTPRoute', 'httproutes', 'HTTPRouteV1beta1', 'HTTPRouteV1beta1Spec', 'httproutesV1beta1'])
  })

  test('is the same text for the same definitions, and no longer one for the same definition twice', () => {
    expect(typeModule(read('everything.yaml'), NEWEST)).toBe(typeModule(read('everything.yaml'), NEWEST))
    const twice = typeModule([...read('certificates.yaml'), ...read('certificates.yaml')], NEWEST)
    expect(twice).toContain('export interface Certificate2 extends')
    expect(twice).toContain('export const certificates2:')
  })

  test('imports nothing at run time without constants', () => {
    const module = typeModule(read('certificates.yaml'), { ...NEWEST, hasConstants: false })
    expect(module.match(/^import .*$/gm)).toEqual(["import type { KubernetesObject } from 'kubeflume'"])
    expect(module).not.toMatch(/^export (?!interface|type )/m)
  })

  test.each([
    ['{ type: text }', /^widgets\.yaml:14: type is no type of JSON$/],
    ['{ type: array, items: 3 }', /^widgets\.yaml:14: a schema is an object$/],
    ['{ $ref: "#/definitions/Pod" }', /^widgets\.yaml:14: \$ref is not allowed/],
    ['{ enum: [{}] }', /^widgets\.yaml:14: an enum of objects$/],
    ['{ required: true }', /^widgets\.yaml:14: required is no list of names$/],
    ['&spec { properties: { again: *spec } }', /^widgets\.yaml:\d+: /],
  ])('is refused for %s, with the line', (schema, message) => {
    expect(() => typeModule(withSpec(schema), NEWEST)).toThrow(
      expect.objectContaining({ code: 'ERR_DEFINITION', message: expect.stringMatching(message) }),
    )
  })

  test('is refused for a version that is not served, and names those that are', () => {
    expect(() => typeModule(read('routes.json'), { ...NEWEST, version: 'v2' })).toThrow(
      expect.objectContaining({
        code: 'ERR_DEFINITION',
        message: expect.stringMatching(/^routes\.json:\d+: no version v2 of HTTPRoute is served; served: v1, v1beta1$/),
      }),
    )
  })
})

describe('what is written', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'kubeflume-types-'))
  afterAll(() => rmSync(scratch, { recursive: true, force: true }))
  const bin = (name: string): string => join(root, 'node_modules/.bin', name)

  test('compiles, can be created, read and patched, and has the format of this repository', async () => {
    for (const file of files) {
      writeFileSync(join(scratch, `${file}.ts`), typeModule(read(file), { version: 'all', hasConstants: true }))
      writeFileSync(
        join(scratch, `${file}.types.ts`),
        typeModule(read(file), { version: 'newest', hasConstants: false }),
      )
    }
    writeFileSync(join(scratch, 'user.ts'), readFileSync(`${testdata}user.ts.txt`))
    writeFileSync(join(scratch, 'package.json'), '{"type":"module"}')
    symlinkSync(join(root, 'node_modules'), join(scratch, 'node_modules'))
    const config = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions: { skipLibCheck: false, paths: { kubeflume: [join(root, 'src/index.ts')] } },
      include: ['*.ts'],
    }
    writeFileSync(join(scratch, 'tsconfig.json'), JSON.stringify(config))
    const run = promisify(execFile)
    await run(bin('tsc'), ['-p', scratch]).catch((error: { stdout: string }) => expect(error.stdout).toBe(''))
    const modules = files.map((file) => `${file}.ts`)
    await run(bin('oxfmt'), ['--check', '-c', join(root, '.oxfmtrc.json'), ...modules], { cwd: scratch })
  })
})
