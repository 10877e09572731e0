import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KubeConfig } from '@kubernetes/client-node'
import { type AuditedRequest, AuditLog } from './audit-log.ts'
import { findBinaries, type Binaries } from './binaries.ts'
import { userNames, writeCredentials, type ClusterUser, type Credentials } from './credentials.ts'
import { compact, type CompactionOptions } from './etcd-compaction.ts'
import { freePort } from './free-port.ts'
import { isOk } from './http-probe.ts'
import { Reaper } from './reaper.ts'
import { apiServerFlags, etcdFlags } from './server-flags.ts'
import { ServerProcess, tailOf } from './server-process.ts'
import { waitUntil } from './wait.ts'

const READY_TIMEOUT_MS = 60_000

export interface ControlPlaneOptions {
  /** @default `E2E_KUBERNETES_VERSION`, else the version of e2e/control-plane/go.mod */
  readonly version?: string | undefined
  /** An unknown gate stops the server: name only what the version has. */
  readonly featureGates?: Readonly<Record<string, boolean>> | undefined
  /** As kube-apiserver's flag takes it: `resource.k8s.io/v1beta1=true`. */
  readonly runtimeConfig?: string | undefined
}

/**
 * An etcd and a kube-apiserver of its own, on 127.0.0.1 and in a temporary folder.
 *
 * There are no controllers, no scheduler and no nodes: pods stay pending, and deleting a namespace
 * leaves it terminating. Everything is gone after `stop`, and also when this process dies.
 */
export class ControlPlane implements AsyncDisposable {
  /** Of Kubernetes, without the "v", as the server says it. */
  readonly version: string
  readonly server: string
  /** For code that may have somebody's cluster instead, see `Cluster`. */
  readonly canRestart = true
  readonly #binaries: Binaries
  readonly #options: ControlPlaneOptions
  readonly #folder: string
  readonly #etcdPort: number
  readonly #port: number
  readonly #credentials: Credentials
  readonly #auditLog: AuditLog
  readonly #reaper: Reaper
  #etcd: ServerProcess | undefined
  #apiServer: ServerProcess | undefined
  #stopped: Promise<void> | undefined

  /** Resolves when both servers are ready. The first call for a version may build it, which takes minutes. */
  static async start(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
    const binaries = await findBinaries(options.version)
    const etcdPort = await freePort()
    const controlPlane = new ControlPlane(options, binaries, [etcdPort, await freePort(etcdPort)])
    try {
      await controlPlane.#startEtcd()
      await controlPlane.startApiServer()
      return controlPlane
    } catch (error) {
      await controlPlane.stop()
      throw error
    }
  }

  private constructor(options: ControlPlaneOptions, binaries: Binaries, [etcdPort, port]: readonly [number, number]) {
    this.version = binaries.kubernetesVersion
    this.server = `https://127.0.0.1:${port}`
    this.#binaries = binaries
    this.#options = options
    this.#etcdPort = etcdPort
    this.#port = port
    this.#folder = mkdtempSync(join(tmpdir(), 'kubeflume-e2e-'))
    this.#reaper = new Reaper(this.#folder)
    this.#credentials = writeCredentials(this.#folder)
    this.#auditLog = new AuditLog(this.#folder)
  }

  /** A configuration whose clients verify the server's certificate. */
  kubeConfig(user: ClusterUser = 'admin'): KubeConfig {
    const name = 'e2e'
    const config = new KubeConfig()
    config.loadFromOptions({
      clusters: [{ name, server: this.server, caData: this.#ca().toString('base64'), skipTLSVerify: false }],
      users: [{ name: userNames[user], token: this.#credentials.tokens[user] }],
      contexts: [{ name, cluster: name, user: userNames[user] }],
      currentContext: name,
    })
    return config
  }

  /** Ends kube-apiserver without a word to its clients. etcd and the data stay. */
  async killApiServer(): Promise<void> {
    await this.#apiServer?.kill()
  }

  /** Starts kube-apiserver on the same port and data, and resolves when it is ready. */
  async startApiServer(): Promise<void> {
    if (this.#stopped !== undefined) throw new Error('the control plane was stopped')
    if (this.#apiServer?.isRunning === true) throw new Error('kube-apiserver is running already')
    const apiServer = new ServerProcess({
      name: 'kube-apiserver',
      command: this.#binaries.apiServer,
      args: [
        ...apiServerFlags({
          ...this.#options,
          port: this.#port,
          etcdPort: this.#etcdPort,
          certDir: this.#folder,
        }),
        ...this.#credentials.apiServerFlags,
        ...this.#auditLog.apiServerFlags,
      ],
      logFile: this.#logFile('kube-apiserver'),
      reaper: this.#reaper,
    })
    this.#apiServer = apiServer
    // The default namespace is made after /readyz says ok the first time.
    for (const path of ['/readyz', '/api/v1/namespaces/default']) {
      await this.#wait(apiServer, `kube-apiserver to answer ${path}`, () => this.#answers(path))
    }
  }

  /** The LIST and WATCH requests that the server has answered so far, those before a restart too. */
  requests(): AuditedRequest[] {
    return this.#auditLog.read()
  }

  /** Makes etcd forget every version but the newest of each object. kube-apiserver's own memory stays, unless it is told. */
  compact(options: CompactionOptions = {}): Promise<void> {
    return compact(`http://127.0.0.1:${this.#etcdPort}`, options)
  }

  /** The last lines of both servers' logs. */
  logs(): string {
    const sections = ['etcd', 'kube-apiserver'].map((name) => `--- ${name}\n${tailOf(this.#logFile(name))}`)
    return this.#redact(sections.join('\n'))
  }

  /** Kills both servers and removes their data. */
  stop(): Promise<void> {
    this.#stopped ??= (async () => {
      try {
        await Promise.all([this.#apiServer?.kill(), this.#etcd?.kill()])
      } finally {
        await this.#reaper.close()
      }
    })()
    return this.#stopped
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  async #startEtcd(): Promise<void> {
    const etcd = new ServerProcess({
      name: 'etcd',
      command: this.#binaries.etcd,
      args: etcdFlags({
        version: this.#binaries.etcdVersion,
        port: this.#etcdPort,
        dataDir: join(this.#folder, 'etcd'),
      }),
      logFile: this.#logFile('etcd'),
      reaper: this.#reaper,
    })
    this.#etcd = etcd
    const health = `http://127.0.0.1:${this.#etcdPort}/health`
    await this.#wait(etcd, 'etcd to be healthy', () => isOk(health))
  }

  async #wait(server: ServerProcess, what: string, probe: () => Promise<boolean>): Promise<void> {
    const check = (): void => server.assertRunning()
    try {
      await waitUntil({ what, timeoutMs: READY_TIMEOUT_MS, probe, check })
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      throw new Error(this.#redact(`${message}\n${this.logs()}`), { cause: error })
    }
  }

  async #answers(path: string): Promise<boolean> {
    const headers = { authorization: `Bearer ${this.#credentials.tokens.admin}` }
    return isOk(this.server + path, { ca: this.#ca(), headers })
  }

  /** What kube-apiserver signed its certificate with: it makes both at its first start, in one file. */
  #ca(): Buffer {
    return readFileSync(join(this.#folder, 'apiserver.crt'))
  }

  #logFile(name: string): string {
    return join(this.#folder, `${name}.log`)
  }

  #redact(text: string): string {
    return Object.values(this.#credentials.tokens).reduce((rest, token) => rest.replaceAll(token, '[token]'), text)
  }
}
