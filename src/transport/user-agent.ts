/** The version in package.json; a test keeps the two in step, so that nothing is read at run time. */
export const VERSION = '0.1.0'

/**
 * How this library shows in audit logs and in the server's metrics.
 *
 * It must not begin like curl, Wget or a browser: to those the API server answers indented JSON.
 */
export const USER_AGENT: string = `kubeflume/${VERSION} node/${process.versions.node} (${process.platform})`
