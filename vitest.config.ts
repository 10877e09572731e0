import { defineConfig, type ViteUserConfig } from 'vitest/config'

const config: ViteUserConfig = defineConfig({
  test: {
    // A loaded machine is slow, not wrong.
    testTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    include: ['{src,test,examples,bench}/**/*.test.ts'],
    coverage: { include: ['src/**'], exclude: ['**/*.test.ts', '**/*.test-support.ts', '**/generated/**'] },
  },
})

export default config
