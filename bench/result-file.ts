import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { machine } from './measure.ts'

/** A result, without what every one begins with. */
export interface Result {
  readonly name: string
  /** Of what is compared with. */
  readonly versions: { readonly [name: string]: string }
}

/** Where the result of this name is kept, beside the code. */
export function resultFile(name: string): string {
  return fileURLToPath(new URL(`results/${name}.json`, import.meta.url))
}

/** Writes a result with the commit, the date and the machine that it belongs to, and returns the file's name. */
export function writeResultFile<R extends Result>(file: string, { name, versions, ...result }: R): string {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' })
  const commit = git('rev-parse', '--short', 'HEAD').trim()
  const isModified = git('status', '--porcelain', '../src').trim() !== ''
  const head = { name, commit, isModified, date: new Date().toISOString(), ...machine(), ...versions }
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify({ ...head, ...result }, undefined, 2)}\n`)
  return file
}
