// Captures what a real kube-apiserver sends, as it sends it, into the folder where the other bodies are:
//
//     node bench/capture.ts [--pods 2000] [--version 1.36.3]
//
// Lists and watch-lists of pods, in protobuf and JSON, plain and compressed, with the headers of each beside it. What a
// server writes differs from release to release in order and in empty fields: that is what these are for.
import { createWriteStream, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import type { KubeConfig } from '@kubernetes/client-node'
import { Agent, request } from 'undici'
import { ControlPlane } from '../e2e/support/control-plane.ts'
import { resources } from '../src/index.ts'
import { acceptHeader } from '../src/informer/negotiation.ts'
import { cacheFolder } from './corpora/corpus-file.ts'
import type { Encoding } from './corpora/frames.ts'
import { fillWithPods } from './real/fill.ts'

const WATCH_LIST = {
  watch: 'true',
  sendInitialEvents: 'true',
  resourceVersionMatch: 'NotOlderThan',
  allowWatchBookmarks: 'true',
  // the server ends it: everything has been sent long before
  timeoutSeconds: '10',
}

const { values: options } = parseArgs({
  options: { pods: { type: 'string', default: '2000' }, version: { type: 'string', default: '1.36.3' } },
})

await using controlPlane = await ControlPlane.start({ version: options.version })
const config = controlPlane.kubeConfig()
await fillWithPods(config, Number(options.pods))
const folder = join(cacheFolder(), `captured-${controlPlane.version}-${options.pods}`)
mkdirSync(folder, { recursive: true })
const sizes: Record<string, number> = {}
for (const encoding of ['protobuf', 'json'] as const) {
  for (const body of ['list', 'watch-list'] as const) {
    for (const coding of ['identity', 'gzip'] as const) {
      const name = `${body}.${encoding}${coding === 'gzip' ? '.gz' : ''}`
      await capture(config, { encoding, body, coding }, join(folder, name))
      sizes[name] = statSync(join(folder, name)).size
    }
  }
}
console.table(sizes)
console.log(folder)

interface Wanted {
  readonly encoding: Encoding
  readonly body: 'list' | 'watch-list'
  readonly coding: 'identity' | 'gzip'
}

async function capture(kubeConfig: KubeConfig, { encoding, body, coding }: Wanted, file: string): Promise<void> {
  const { server, caData } = kubeConfig.getCurrentCluster()!
  const isWatch = body === 'watch-list'
  const dispatcher = new Agent({ connect: { ca: Buffer.from(caData!, 'base64').toString() }, allowH2: false })
  try {
    const answer = await request(`${server}/api/v1/pods`, {
      dispatcher,
      ...(isWatch ? { query: WATCH_LIST } : {}),
      headers: {
        authorization: `Bearer ${kubeConfig.getCurrentUser()!.token!}`,
        accept: acceptHeader(resources.core.v1.pods, [encoding], isWatch ? 'watch' : 'list'),
        'accept-encoding': coding,
        'user-agent': 'kubeflume-bench',
      },
    })
    if (answer.statusCode !== 200) throw new Error(`${body} was answered by ${answer.statusCode}`)
    await pipeline(answer.body, createWriteStream(file))
    writeFileSync(`${file}.headers.json`, `${JSON.stringify(answer.headers, undefined, 2)}\n`)
  } finally {
    await dispatcher.close()
  }
}
