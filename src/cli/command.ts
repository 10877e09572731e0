import { readFileSync, writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { KubeflumeError } from '../api/errors.ts'
import { definitionsIn } from './definition.ts'
import { typeModule } from './type-module.ts'

const HELP = `Usage: kubeflume types <file>... [options]

Writes TypeScript interfaces for the custom resources of CustomResourceDefinitions, and a constant for each to
pass to createInformer, createWriter and createController. Types only: nothing is checked when a program runs.

  <file>               YAML (of any number of documents) or JSON; - for standard input

  --out <file>         write there, and not to standard output
  --version <version>  the version by name, or all that are served; the newest stable one by default
  --types-only         no constants: of the module nothing is left at run time
  --help               this
  kubeflume --version  the version of kubeflume

Exit codes: 0, or 1 for a definition that cannot be read, or 2 for a command line that is wrong.
`

/** Where a command reads from and writes to. */
export interface Terminal {
  readonly stdin: AsyncIterable<Uint8Array | string>
  readonly stdout: { write(text: string): unknown }
  readonly stderr: { write(text: string): unknown }
}

/** Runs the command line, without the program's name. Resolves with the exit code; never rejects. */
export async function runCommand(args: readonly string[], terminal: Terminal): Promise<0 | 1 | 2> {
  try {
    const [command, ...others] = args
    if (command === 'types') await writeTypes(others, terminal)
    else if (command === '--help' || command === '-h') terminal.stdout.write(HELP)
    else if (command === '--version') terminal.stdout.write(`${ownVersion()}\n`)
    else throw usage(command === undefined ? 'no command' : `no command is called ${JSON.stringify(command)}`)
    return 0
  } catch (error) {
    if (!(error instanceof KubeflumeError)) throw error
    const isUsage = error.code === 'ERR_OPTION'
    terminal.stderr.write(`kubeflume: ${error.code}: ${error.message}\n${isUsage ? 'See kubeflume --help.\n' : ''}`)
    return isUsage ? 2 : 1
  }
}

async function writeTypes(args: readonly string[], { stdin, stdout }: Terminal): Promise<void> {
  const { positionals: files, values } = parse(args)
  if (values.help) {
    stdout.write(HELP)
    return
  }
  if (files.length === 0) throw usage('no file is named; - is standard input')
  const definitions = []
  for (const file of files) {
    const source = file === '-' ? await text(stdin) : readText(file)
    definitions.push(...definitionsIn(source, file === '-' ? 'standard input' : file))
  }
  const module = typeModule(definitions, { version: values.version, hasConstants: !values['types-only'] })
  if (values.out === undefined) stdout.write(module)
  else writeText(values.out, module)
}

interface Parsed {
  readonly positionals: readonly string[]
  readonly values: {
    readonly out?: string | undefined
    readonly version: string
    readonly 'types-only': boolean
    readonly help: boolean
  }
}

function parse(args: readonly string[]): Parsed {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        out: { type: 'string' },
        version: { type: 'string', default: 'newest' },
        'types-only': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
  } catch (error) {
    throw usage((error as Error).message)
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new KubeflumeError('ERR_DEFINITION', `${file} cannot be read: ${(cause as Error).message}`, { cause })
  }
}

function writeText(file: string, content: string): void {
  try {
    writeFileSync(file, content)
  } catch (cause) {
    throw usage(`${file} cannot be written: ${(cause as Error).message}`)
  }
}

function ownVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  return version
}

function usage(why: string): KubeflumeError {
  return new KubeflumeError('ERR_OPTION', why)
}
