import { CERTIFICATE_BYTES } from '../certificates.ts'

const UID = '6b1bd9a2-6a53-4cb0-9d0b-0d1c3f5a7e12'

/** Strings that a field of such a name may take. The first that fits comes first. */
const BY_NAME: readonly (readonly [RegExp, readonly string[]])[] = [
  [/uid$/i, [UID]],
  [/^(apiVersion|.*Version)$/, ['v1', '1.36.0', 'example.com/v1', '12345']],
  [/apiGroups?$|^groups?$/i, ['example.com', 'apps']],
  [/^(namespace|.*Namespace)$/, ['default', 'kf']],
  [/kind$/i, ['Kf', 'Deployment']],
  [/cidrs?$/i, ['10.7.0.0/24', '10.7.0.0/16']],
  [/ips?$|address(es)?$/i, ['10.0.0.77', '192.0.2.7', 'fd00::7', 'kf.example.com']],
  [/url$|uri$|server$|endpoint$/i, ['https://kf.example.com/kf', 'https://kf.example.com']],
  [/path$|dir$|directory$/i, ['/kf/path', 'kf/path']],
  [/regexp?$|pattern$/i, ['^kf.*$']],
  [/expressions?$|rule$/i, ['true', '"kf"', 'object.metadata.name == "kf"']],
  [/driver|provisioner|attacher|controller|signer|manager$/i, ['kf.example.com', 'example.com/kf']],
  [/topologyKey$|^key$|labels?$/i, ['example.com/kf', 'kf']],
  [/host(name)?s?$|domain|fqdn/i, ['kf.example.com', 'kf']],
  [/image/i, ['example.com/kf:2']],
  [/time$|date$/i, ['2024-01-02T03:04:05Z']],
  [/zone$/i, ['Etc/UTC']],
  [/port/i, ['http', 'kf']],
  [/bundle|cert/i, [CERTIFICATE_BYTES]],
]

const ANY: readonly string[] = [
  'kf-text',
  'kf.example.com',
  'example.com/kf',
  'Kf',
  'https://kf.example.com/kf',
  '/kf',
  '10.0.0.78',
  '10.7.0.0/24',
  'cpu',
  '1',
  'v1',
  'True',
]

export function wordsFor(name: string): readonly string[] {
  const words = BY_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? []
  return [...words, ...ANY]
}
