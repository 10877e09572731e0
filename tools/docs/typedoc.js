import { readFileSync } from 'node:fs'

const root = new URL('../../', import.meta.url)
const { exports } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))

/** The sources of what the package exports. */
const entryPoints = Object.values(exports)
  .map(({ types }) => types)
  .filter((types) => types !== undefined)
  .map((types) => types.replace('./dist/', '../../src/').replace(/\.d\.ts$/, '.ts'))

export default {
  name: 'kubeflume',
  // Beside what is exported, the parts that built-in kinds are made of: each group and version is a module.
  entryPoints: [...entryPoints, '../../src/api/generated/types/*.ts'],
  tsconfig: 'tsconfig.json',
  readme: '../../README.md',
  projectDocuments: ['../../docs/*.md'],
  out: '../../site',
  disableSources: true,
  excludeInternal: true,
  // `npm run types` does, with the compiler of this project.
  skipErrorChecking: true,
  treatWarningsAsErrors: true,
  treatValidationWarningsAsErrors: true,
  // A link to a folder is no file; test/docs.test.ts holds the paths.
  validation: { invalidLink: true, invalidPath: false, notExported: true, rewrittenLink: true },
}
