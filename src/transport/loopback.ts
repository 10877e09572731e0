import { isIPv4 } from 'node:net'

/** Whether a host, as a URL or a socket names it, is this machine itself: there compressing only costs. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1')
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true
  const v4 = name.replace(/^::ffff:/, '')
  // URL writes the IPv4-mapped form in hexadecimal: ::ffff:7f00:1
  return (isIPv4(v4) && v4.startsWith('127.')) || /^::ffff:7f[0-9a-f]{2}:/.test(name)
}
