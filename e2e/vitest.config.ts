import { fileURLToPath } from 'node:url'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

const config: ViteUserConfig = defineConfig({
  test: {
    dir: fileURLToPath(new URL('.', import.meta.url)),
    include: ['**/*.e2e.ts'],
    globalSetup: fileURLToPath(new URL('support/global-setup.ts', import.meta.url)),
    // One control plane at a time, and nothing beside what is measured.
    maxWorkers: 1,
    fileParallelism: false,
    // Of tests that say they may: they wait more than they work.
    maxConcurrency: 10,
    testTimeout: 120_000,
    hookTimeout: 240_000,
    // The figures are lines of their own, printed when they are known.
    disableConsoleIntercept: true,
  },
})

export default config
