import { rmSync } from 'node:fs'

// A file that was renamed must not live on in what is built.
rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true })
