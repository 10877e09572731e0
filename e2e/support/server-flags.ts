export interface EtcdOptions {
  readonly version: string
  readonly port: number
  readonly dataDir: string
}

export function etcdFlags({ version, port, dataDir }: EtcdOptions): string[] {
  const url = `http://127.0.0.1:${port}`
  // Without it bookmarks of resources in which nothing happens stand still for 10 minutes.
  const progress = version.startsWith('3.5.')
    ? '--experimental-watch-progress-notify-interval=5s'
    : '--watch-progress-notify-interval=5s'
  return [
    `--data-dir=${dataDir}`,
    `--listen-client-urls=${url}`,
    `--advertise-client-urls=${url}`,
    // It has no peers; port 0 keeps it from the default port, which another etcd may have.
    '--listen-peer-urls=http://127.0.0.1:0',
    progress,
    // The data need not survive the machine.
    '--unsafe-no-fsync',
    // The default of 2 GiB is soon full when a test writes large lists again and again.
    `--quota-backend-bytes=${8 * 1024 ** 3}`,
    '--log-level=warn',
  ]
}

export interface ApiServerOptions {
  readonly port: number
  readonly etcdPort: number
  readonly certDir: string
  readonly featureGates?: Readonly<Record<string, boolean>> | undefined
  readonly runtimeConfig?: string | undefined
}

export function apiServerFlags(options: ApiServerOptions): string[] {
  const gates = Object.entries(options.featureGates ?? {}).map(([gate, isOn]) => `${gate}=${isOn}`)
  return [
    `--etcd-servers=http://127.0.0.1:${options.etcdPort}`,
    `--secure-port=${options.port}`,
    '--bind-address=127.0.0.1',
    // Without it a machine that has no network but loopback has no address to advertise, and with it
    // the address cannot be an endpoint of the `kubernetes` service, which nobody reads here.
    '--advertise-address=127.0.0.1',
    '--endpoint-reconciler-type=none',
    `--cert-dir=${options.certDir}`,
    '--service-cluster-ip-range=10.0.0.0/24',
    '--authorization-mode=RBAC',
    // No controller makes the service accounts that the one asks for, nor takes away the taint of the other.
    '--disable-admission-plugins=ServiceAccount,TaintNodesByCondition',
    '--allow-privileged',
    ...(gates.length > 0 ? [`--feature-gates=${gates.join(',')}`] : []),
    ...(options.runtimeConfig === undefined ? [] : [`--runtime-config=${options.runtimeConfig}`]),
  ]
}
