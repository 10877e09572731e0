import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cacheFolder } from '../corpora/corpus-file.ts'

const SOURCE = fileURLToPath(new URL('../peers/javascript/', import.meta.url))
const FILES = ['package.json', 'package-lock.json'] as const

/** Installs kubernetes-fluent-client into a folder of the cache, once, and returns that; undefined where it cannot be had. */
export function installFluentClient(): string | undefined {
  const hash = createHash('sha256')
  for (const file of FILES) hash.update(readFileSync(join(SOURCE, file)))
  const folder = join(cacheFolder(), `javascript-${hash.digest('hex').slice(0, 16)}`)
  if (existsSync(folder)) return folder
  const unfinished = `${folder}.${process.pid}`
  try {
    mkdirSync(unfinished, { recursive: true })
    for (const file of FILES) cpSync(join(SOURCE, file), join(unfinished, file))
    // scripts of packages have no business here
    const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund'], {
      cwd: unfinished,
      stdio: ['ignore', 2, 2],
    })
    if (npm.status !== 0) return undefined
    renameSync(unfinished, folder)
    return folder
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
}

/** What the lock file pins. */
export function fluentClientVersion(): string {
  const { dependencies } = JSON.parse(readFileSync(join(SOURCE, 'package.json'), 'utf8')) as {
    readonly dependencies: { readonly [name: string]: string }
  }
  return dependencies['kubernetes-fluent-client']!
}
