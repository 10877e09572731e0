import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { usesExistingCluster } from '../support/cluster.ts'
import { buildOnce, go } from '../support/go-build.ts'

const SOURCE = fileURLToPath(new URL('.', import.meta.url))

/**
 * Whether there is Go to build the clients with. A run with prebuilt servers, or on an existing cluster,
 * need not have it.
 */
export function buildsClients(): boolean {
  return !usesExistingCluster() && !process.env['KUBEBUILDER_ASSETS']
}

/** Returns the path of the executable that is kubectl, a client-go informer and an elector, built at the first call. */
export async function buildClients(): Promise<string> {
  const sources = ['main.go', 'informer.go', 'elect.go', 'go.mod', 'go.sum'].map((name) => SOURCE + name)
  const version = /k8s\.io\/client-go v0\.(\S+)/.exec(await readFile(`${SOURCE}go.mod`, 'utf8'))?.[1]
  const named = ['gitMajor=1', `gitVersion=v1.${version}`].map((name) => `-X k8s.io/component-base/version.${name}`)
  return buildOnce({
    name: `clients-1.${version}`,
    executable: 'clients',
    sources,
    build: (output) => go(SOURCE, [`-ldflags=-s -w ${named.join(' ')}`, `-o=${output}`]),
  })
}
