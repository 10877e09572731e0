import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** `admin` may do everything; `outsider` is who it says it is, and may do nothing until a role is bound. */
export type ClusterUser = 'admin' | 'outsider'

/** The name that RBAC knows each user by: the subject of a RoleBinding. */
export const userNames: Readonly<Record<ClusterUser, string>> = {
  admin: 'e2e-admin',
  outsider: 'e2e-outsider',
}

export interface Credentials {
  readonly tokens: Readonly<Record<ClusterUser, string>>
  readonly apiServerFlags: readonly string[]
}

/** Writes the files by which kube-apiserver knows its users and signs service account tokens. */
export function writeCredentials(folder: string): Credentials {
  const tokens = { admin: randomBytes(24).toString('hex'), outsider: randomBytes(24).toString('hex') }
  const tokenFile = join(folder, 'tokens.csv')
  const lines = [
    `${tokens.admin},${userNames.admin},e2e-admin-uid,"system:masters"`,
    `${tokens.outsider},${userNames.outsider},e2e-outsider-uid`,
  ]
  writeFileSync(tokenFile, `${lines.join('\n')}\n`, { mode: 0o600 })

  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  const signingKeyFile = join(folder, 'service-account.key')
  const publicKeyFile = join(folder, 'service-account.pub')
  writeFileSync(signingKeyFile, privateKey, { mode: 0o600 })
  writeFileSync(publicKeyFile, publicKey)

  return {
    tokens,
    apiServerFlags: [
      `--token-auth-file=${tokenFile}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-signing-key-file=${signingKeyFile}`,
      `--service-account-key-file=${publicKeyFile}`,
    ],
  }
}
