import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exampleFiles, expectedLines, missingLines, runExample } from '../test/examples-run.ts'
import { type Cluster, openCluster } from './support/cluster.ts'
import { exampleEnv } from './support/example-process.ts'

/** They show decoders, and faults that no real server has on command. */
const withoutCluster = new Set(['decode-a-file.ts', 'demo.ts'])

describe('each example', () => {
  let cluster: Cluster
  let example: ReturnType<typeof exampleEnv>

  beforeAll(async () => {
    cluster = await openCluster()
    example = exampleEnv(cluster.kubeConfig())
  })

  afterAll(async () => {
    example?.remove()
    await cluster?.stop()
  })

  test.each(exampleFiles().filter((file) => !withoutCluster.has(file)))(
    'does on the real server what it does on the testing server: %s',
    async (file) => {
      const lines = await runExample(file, example)
      expect(missingLines(expectedLines[file] ?? [/it has none/], lines), lines.join('\n')).toEqual([])
    },
  )
})
