import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { KubeConfig } from '@kubernetes/client-node'
import { resources } from '../../src/index.ts'
import { acceptHeader } from '../../src/informer/negotiation.ts'
import type { Encoding } from '../corpora/frames.ts'
import type { Peers } from '../sync/peers.ts'
import type { Client } from './run-clients.ts'

export type Listed = 'pods' | 'secrets'

/** Begins as the other clients do: when it is told to. */
const CURL = 'echo ready; read -r line; exec curl "$@"'
const PRINTED = '{"figures":{"seconds":%{time_total},"bytes":%{size_download},"status":%{http_code}}}\\n'

const WATCH_LIST =
  'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=10'

/** The programs that read one resource of a real server. What they sign in with lies in files, since arguments are for everyone to see. */
export class Clients {
  readonly #folder: string
  readonly #server: string
  readonly #peers: Peers
  readonly #listed: Listed

  /** @param folder Private, and removed by who made it */
  constructor(
    folder: string,
    config: KubeConfig,
    { peers, listed }: { readonly peers: Peers; readonly listed: Listed },
  ) {
    this.#folder = folder
    this.#peers = peers
    this.#listed = listed
    const { server, caData } = config.getCurrentCluster()!
    const { token } = config.getCurrentUser()!
    this.#server = server
    this.#write('config', config.exportConfig())
    this.#write('ca.crt', Buffer.from(caData!, 'base64').toString())
    this.#write('token', token!)
    this.#write('curl', `header = "Authorization: Bearer ${token!}"\n`)
  }

  /** `list-any` takes what the server's cache has, however old, as client-go's first list does; `list` the newest state. */
  kubeflume(encoding: Encoding, how: 'list' | 'list-any' | 'watch-list' = 'list'): Client {
    const sync = how === 'watch-list' ? how : 'auto'
    const freshness = how === 'list-any' ? 'any' : 'latest'
    const options = [`--encoding=${encoding}`, `--sync=${sync}`, `--freshness=${freshness}`]
    return this.#node(`kubeflume ${encoding} ${how}`, ['--peer=kubeflume', ...options])
  }

  clientNode(): Client {
    return this.#node('client-node json list', ['--peer=client-node'])
  }

  /** Undefined where there is no Go. */
  clientGo(encoding: Encoding, how: 'list' | 'watch-list' | 'list-without-gzip' = 'list'): Client | undefined {
    const program = this.#peers.commands['client-go']
    if (program === undefined) return undefined
    const files = [`--ca=${this.#file('ca.crt')}`, `--token-file=${this.#file('token')}`]
    const what = [`--url=${this.#server}`, `--resource=${this.#listed}`, `--encoding=${encoding}`, '--wait']
    return {
      name: `client-go ${encoding} ${how}`,
      command: [...program, ...files, ...what, ...(how === 'list-without-gzip' ? ['--no-gzip'] : [])],
      env: { KUBE_FEATURE_WatchListClient: String(how === 'watch-list') },
    }
  }

  /**
   * With kubeflume's Accept. Its own User-Agent would make the server indent what it sends. Nobody tells it that a
   * watch-list has come to its end: it reads on until the server ends the watch, so that its time says nothing.
   */
  curl(encoding: Encoding, how: 'list' | 'watch-list' = 'list'): Client {
    const resource = this.#listed === 'pods' ? resources.core.v1.pods : resources.core.v1.secrets
    const accept = acceptHeader(resource, [encoding], how === 'list' ? 'list' : 'watch')
    const url = `${this.#server}/api/v1/${this.#listed}${how === 'list' ? '' : `?${WATCH_LIST}`}`
    const signedIn = ['-A', 'kubeflume-bench', '-K', this.#file('curl'), '--cacert', this.#file('ca.crt')]
    const args = ['-sS', '--http1.1', ...signedIn, '-H', `Accept: ${accept}`, '-o', '/dev/null', '-w', PRINTED, url]
    return { name: `curl ${encoding} ${how}`, command: ['/bin/sh', '-c', CURL, 'sh', ...args] }
  }

  #node(name: string, args: readonly string[]): Client {
    const program = this.#peers.commands['sync-once']!
    const where = [`--kubeconfig=${this.#file('config')}`, `--resource=${this.#listed}`]
    return { name, command: [...program, ...where, ...args], env: { NODE_ENV: 'production' } }
  }

  #write(name: string, content: string): void {
    writeFileSync(this.#file(name), content, { mode: 0o600 })
  }

  #file(name: string): string {
    return join(this.#folder, name)
  }
}
