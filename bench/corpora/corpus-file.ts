import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { corpusPods } from './corpus-pods.ts'
import { bodyFile, type BodyName, CORPORA, type CorpusName, SEED } from './corpus-spec.ts'
import type { Encoding } from './frames.ts'
import { writeEvents } from './write-events.ts'
import { writeList } from './write-list.ts'

/** Changes with what is written: a corpus of an older form must not be taken for this one. */
const FORM = 1

/**
 * Makes sure of a body of a corpus, and returns its file. It is the same on every machine, and is written
 * once, into a folder of the cache (`~/.cache/kubeflume/bench`).
 */
export function corpusFile(name: CorpusName, body: BodyName, encoding: Encoding): string {
  const folder = corpusFolder(name)
  const file = join(folder, bodyFile(body, encoding))
  if (existsSync(file)) return file
  mkdirSync(folder, { recursive: true })
  process.stderr.write(`bench: writing ${file}, once\n`)
  // nobody may find half a file
  const unfinished = `${file}.${process.pid}`
  try {
    const write = body === 'events' ? writeEvents : writeList
    write(unfinished, { pods: () => corpusPods(CORPORA[name]), body, encoding })
    renameSync(unfinished, file)
  } finally {
    rmSync(unfinished, { force: true })
  }
  return file
}

export function corpusFolder(name: CorpusName): string {
  const cache = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache')
  return join(cache, 'kubeflume', 'bench', `${name}-${CORPORA[name].count}-seed${SEED}-form${FORM}`)
}
