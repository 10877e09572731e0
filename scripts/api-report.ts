/**
 * Writes what each entry point exports, with types, to `etc/<entry>.api.md`, so that a change of the
 * public API is seen in a diff. With `--check` (as in CI) a difference is an error instead.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor'

const root = fileURLToPath(new URL('..', import.meta.url))
const packageJson = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as {
  exports: Record<string, { types?: string }>
}
const isLocal = !process.argv.includes('--check')

for (const [entry, { types }] of Object.entries(packageJson.exports)) {
  if (types === undefined) continue
  const name = entry === '.' ? 'kubeflume' : entry.slice('./'.length)
  const config = ExtractorConfig.prepare({
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: `${root}${types}`,
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: 'es2023',
            lib: ['es2024', 'esnext.disposable', 'esnext.iterator'],
            module: 'nodenext',
            moduleResolution: 'nodenext',
            types: ['node'],
            strict: true,
            skipLibCheck: true,
          },
          files: [`${root}${types}`],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: `${root}etc`,
        reportTempFolder: `${root}temp`,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Warning } },
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.Warning },
          'ae-missing-release-tag': { logLevel: ExtractorLogLevel.None },
          'ae-undocumented': { logLevel: ExtractorLogLevel.None },
          // an entry point for one purpose does not repeat the types of the main one
          'ae-forgotten-export': { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: true },
        },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: `${root}package.json`,
  })
  const result = Extractor.invoke(config, { localBuild: isLocal, showVerboseMessages: false })
  if (!result.succeeded) process.exitCode = 1
  console.log(`etc/${name}.api.md: ${result.apiReportChanged ? 'changed' : 'as it was'}`)
}
