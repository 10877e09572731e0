import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { corpusObjects } from './corpus-objects.ts'
import { type CorpusPod, corpusPods } from './corpus-pods.ts'
import { bodyFile, type BodyName, CORPORA, type CorpusName, isPods, LIST_VERSION, SEED, SHAPES } from './corpus-spec.ts'
import type { Encoding } from './frames.ts'
import { writeEvents } from './write-events.ts'
import { writeList } from './write-list.ts'
import { writeObjects } from './write-objects.ts'

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
    write(unfinished, name, body, encoding)
    renameSync(unfinished, file)
  } finally {
    rmSync(unfinished, { force: true })
  }
  return file
}

function write(file: string, name: CorpusName, body: BodyName, encoding: Encoding): void {
  const { count, kind } = CORPORA[name]
  if (isPods(name)) {
    const pods = (): Iterable<CorpusPod> => corpusPods({ shape: SHAPES[name], count })
    return (body === 'events' ? writeEvents : writeList)(file, { pods, body, encoding })
  }
  if (body !== 'list' && body !== 'watch-list') throw new Error(`there is no ${body} of ${name}`)
  const objects = (): Iterable<Uint8Array> => corpusObjects(name, encoding, count)
  writeObjects(file, { kind, encoding, version: LIST_VERSION, isWatchList: body === 'watch-list', objects })
}

/** Of all that the bench makes once and keeps. */
export function cacheFolder(): string {
  return join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'kubeflume', 'bench')
}

export function corpusFolder(name: CorpusName): string {
  return join(cacheFolder(), `${name}-${CORPORA[name].count}-seed${SEED}-form${FORM}`)
}
