import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, test } from 'vitest'
import { runCommand } from './command.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const crds = fileURLToPath(new URL('./testdata/certificates.yaml', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'kubeflume-command-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

async function run(args: readonly string[], input = ''): Promise<{ code: number; out: string; errors: string }> {
  const said = { out: '', errors: '' }
  const code = await runCommand(args, {
    stdin: Readable.from([Buffer.from(input)]),
    stdout: { write: (text) => (said.out += text) },
    stderr: { write: (text) => (said.errors += text) },
  })
  return { code, ...said }
}

describe('kubeflume types', () => {
  test('writes the types of the files, in their order, to standard output', async () => {
    const { code, out, errors } = await run(['types', crds, crds.replace('certificates.yaml', 'routes.json')])
    expect({ code, errors }).toEqual({ code: 0, errors: '' })
    expect(out.indexOf('interface Certificate ')).toBeLessThan(out.indexOf('interface HTTPRoute '))
  })

  test('reads standard input, and writes the file that is named', async () => {
    const file = join(scratch, 'types.ts')
    expect(await run(['types', '-', '--out', file], readFileSync(crds, 'utf8'))).toEqual({
      code: 0,
      out: '',
      errors: '',
    })
    expect(readFileSync(file, 'utf8')).toBe((await run(['types', crds])).out)
  })

  test('takes a version, and leaves constants out', async () => {
    const routes = crds.replace('certificates.yaml', 'routes.json')
    const { out } = await run(['types', routes, '--version', 'v1beta1', '--types-only'])
    expect(out).toContain("apiVersion: 'gateway.example/v1beta1'")
    expect(out).not.toContain('customResource')
  })

  test.each([
    [
      ['types', '-'],
      'kind: Pod',
      1,
      'kubeflume: ERR_DEFINITION: standard input:1: there is no CustomResourceDefinition\n',
    ],
    [['types', 'not-there.yaml'], '', 1, 'kubeflume: ERR_DEFINITION: not-there.yaml cannot be read: ENOENT'],
    [['types'], '', 2, 'kubeflume: ERR_OPTION: no file is named'],
    [['types', crds, '--wat'], '', 2, "kubeflume: ERR_OPTION: Unknown option '--wat'"],
    [
      ['types', crds, '--out', '/not/there/x.ts'],
      '',
      2,
      'kubeflume: ERR_OPTION: /not/there/x.ts cannot be written: ENOENT',
    ],
    [['tpyes'], '', 2, 'kubeflume: ERR_OPTION: no command is called "tpyes"'],
    [[], '', 2, 'kubeflume: ERR_OPTION: no command'],
  ])('%j of %j ends with %d', async (args, input, code, message) => {
    const result = await run(args, input)
    expect(result).toMatchObject({ code, out: '' })
    expect(result.errors.startsWith(message), result.errors).toBe(true)
  })
})

describe('the kubeflume command', () => {
  test.each([[['--help']], [['-h']], [['types', '--help']]])('explains itself: %j', async (args) => {
    expect(await run(args)).toEqual({
      code: 0,
      out: expect.stringMatching(/^Usage: kubeflume types <file>/),
      errors: '',
    })
  })

  test('is in the package, built, runs without more than what is built, and says its version', async () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      version: string
      bin: { kubeflume: string }
    }
    const program = join(root, manifest.bin.kubeflume)
    expect(readFileSync(program, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
    const { stdout } = await promisify(execFile)(process.execPath, [program, '--version'])
    expect(stdout).toBe(`${manifest.version}\n`)
    const ended = promisify(execFile)(process.execPath, [program, 'types', 'not-there.yaml'])
    await expect(ended).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('ERR_DEFINITION') })
  })

  test('brings its own modules into the build, and no data of tests', () => {
    const sources = readdirSync(join(root, 'src/cli')).filter((file) => /^[^.]+\.ts$/.test(file))
    const built = sources.flatMap((file) => [file.replace('.ts', '.js'), file.replace('.ts', '.d.ts')])
    expect(readdirSync(join(root, 'dist/cli')).toSorted()).toEqual(built.toSorted())
  })
})
