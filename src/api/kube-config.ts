/**
 * What is used of client-node's `KubeConfig`. Structural, so that two copies of client-node in one
 * process do not clash.
 */
export interface KubeConfigLike {
  /** The cluster of the current context; null is `ERR_NO_CLUSTER`. */
  getCurrentCluster(): { readonly server: string } | null
  /** The user of the current context; null where there is none. */
  getCurrentUser(): object | null
  /** Puts credentials into a request. What it throws is `ERR_CREDENTIALS`, without its text. */
  applySecurityAuthentication(context: never): Promise<void>
}
