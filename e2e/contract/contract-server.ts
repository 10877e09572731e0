import { TestApiServer } from '../../src/testing/index.ts'
import { ControlPlane } from '../support/control-plane.ts'
import type { ContractRelease } from './releases.ts'

/** One of the two servers that a case runs on. */
export interface ContractServer {
  readonly origin: string
  readonly token: string
  /** Of whom signed its certificate; undefined for plain HTTP. */
  readonly ca: Buffer | undefined
  /** Makes the storage forget all versions but the newest. */
  compact(): Promise<void>
  logs(): string
  stop(): Promise<void>
}

export async function openRealServer({ version }: ContractRelease): Promise<ContractServer> {
  const controlPlane = await ControlPlane.start({ version })
  const config = controlPlane.kubeConfig()
  return {
    origin: controlPlane.server,
    token: config.getCurrentUser()!.token!,
    ca: Buffer.from(config.getCurrentCluster()!.caData!, 'base64'),
    compact: () => controlPlane.compact({ tellsApiServer: true }).catch(unlessAlreadyCompacted),
    logs: () => controlPlane.logs(),
    stop: () => controlPlane.stop(),
  }
}

export async function openTestServer({ release }: ContractRelease): Promise<ContractServer> {
  // Versions as high as a real server's, so that no case takes them for numbers of its own.
  const server = await TestApiServer.start({ release, managedFields: true, resourceVersion: '1000' })
  const user = server.kubeConfig().getCurrentUser() as { token?: string } | null
  return {
    origin: server.url,
    token: user?.token ?? '',
    ca: undefined,
    compact: async () => server.compact(),
    logs: () => '',
    stop: () => server.stop(),
  }
}

/** Two cases that compact at once compact at the same revision. */
function unlessAlreadyCompacted(error: unknown): void {
  if (!String(error).includes('required revision has been compacted')) throw error
}
