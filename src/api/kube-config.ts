/**
 * What is used of client-node's `KubeConfig`. Structural, so that two copies of client-node in one
 * process do not clash.
 */
export interface KubeConfigLike {
  getCurrentCluster(): { readonly server: string } | null
  getCurrentUser(): object | null
  applySecurityAuthentication(context: never): Promise<void>
}
