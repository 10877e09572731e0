import type { Endpoints, LoadBalancerStatus, Service } from '../../api/generated/types/core-v1.ts'
import type { EndpointSlice } from '../../api/generated/types/discovery-v1.ts'
import type { Ingress, IngressClass, IngressRule, NetworkPolicy } from '../../api/generated/types/networking-v1.ts'
import { ageOf } from './human-duration.ts'
import { formatLabels, formatLabelSelector } from './labels.ts'
import type { PrintRow } from './printed-row.ts'

/* As the functions of the same names in kubernetes `pkg/printers/internalversion/printers.go`. */

export const printService: PrintRow = (object, now) => {
  const { metadata, spec, status } = object as unknown as Service
  const ports = (spec?.ports ?? []).map(({ port, nodePort, protocol = 'TCP' }) =>
    nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
  )
  return {
    cells: [
      metadata.name ?? '',
      spec?.type ?? 'ClusterIP',
      spec?.clusterIPs?.[0] ?? '<none>',
      externalAddress(spec, addressesOf(status?.loadBalancer)),
      ports.length === 0 ? '<none>' : ports.join(','),
      ageOf(metadata.creationTimestamp, now),
      formatLabels(spec?.selector),
    ],
  }
}

function externalAddress(spec: Service['spec'], balancer: string): string {
  const own = spec?.externalIPs ?? []
  switch (spec?.type ?? 'ClusterIP') {
    case 'ClusterIP':
    case 'NodePort':
      return own.length === 0 ? '<none>' : own.join(',')
    case 'LoadBalancer':
      return [balancer, ...own].filter((address) => address !== '').join(',') || '<pending>'
    case 'ExternalName':
      return spec?.externalName ?? ''
    default:
      return '<unknown>'
  }
}

/** In order, each once; a table is always made wide, so that they are never cut short. */
function addressesOf(balancer: Pick<LoadBalancerStatus, 'ingress'> | undefined): string {
  const addresses = (balancer?.ingress ?? []).map(({ ip, hostname }) => ip || hostname || '')
  return [...new Set(addresses.filter((address) => address !== ''))].toSorted().join(',')
}

export const printEndpoints: PrintRow = (object, now) => {
  const { metadata, subsets } = object as unknown as Endpoints
  const addresses = (subsets ?? []).flatMap((subset) => {
    const ips = (subset.addresses ?? []).map(({ ip }) => ip ?? '')
    if ((subset.ports ?? []).length === 0) return ips
    return (subset.ports ?? []).flatMap(({ port }) => ips.map((ip) => `${ip.includes(':') ? `[${ip}]` : ip}:${port}`))
  })
  const shown = (subsets ?? []).length === 0 ? '<none>' : firstThree(addresses)
  return { cells: [metadata.name ?? '', shown, ageOf(metadata.creationTimestamp, now)] }
}

export const printEndpointSlice: PrintRow = (object, now) => {
  const { metadata, addressType, ports, endpoints } = object as unknown as EndpointSlice
  const numbers = (ports ?? []).map(({ port, name }) => (port == null ? (name ?? '*') : String(port)))
  const addresses = (endpoints ?? []).flatMap((endpoint) => endpoint.addresses ?? [])
  return {
    cells: [
      metadata.name ?? '',
      addressType ?? '',
      firstThree(numbers) || '<unset>',
      firstThree(addresses) || '<unset>',
      ageOf(metadata.creationTimestamp, now),
    ],
  }
}

function firstThree(items: readonly string[]): string {
  const text = items.slice(0, 3).join(',')
  return items.length > 3 ? `${text} + ${items.length - 3} more...` : text
}

export const printIngress: PrintRow = (object, now) => {
  const { metadata, spec, status } = object as unknown as Ingress
  return {
    cells: [
      metadata.name ?? '',
      spec?.ingressClassName ?? '<none>',
      hostsOf(spec?.rules ?? []),
      addressesOf(status?.loadBalancer as LoadBalancerStatus | undefined),
      (spec?.tls ?? []).length === 0 ? '80' : '80, 443',
      ageOf(metadata.creationTimestamp, now),
    ],
  }
}

function hostsOf(rules: readonly IngressRule[]): string {
  const hosts = rules.map(({ host }) => host ?? '')
  const third = hosts.flatMap((host, index) => (host === '' ? [] : [index]))[2]
  const isMore = third !== undefined && third < rules.length - 1
  const named = hosts.filter((host) => host !== '').slice(0, 3)
  if (named.length === 0) return '*'
  return isMore ? `${named.join(',')} + ${rules.length - 3} more...` : named.join(',')
}

export const printIngressClass: PrintRow = (object, now) => {
  const { metadata, spec } = object as unknown as IngressClass
  const isDefault = metadata.annotations?.['ingressclass.kubernetes.io/is-default-class'] === 'true'
  const { apiGroup, kind, name } = spec?.parameters ?? {}
  return {
    cells: [
      isDefault ? `${metadata.name} (default)` : (metadata.name ?? ''),
      spec?.controller ?? '',
      spec?.parameters == null ? '<none>' : `${kind}${apiGroup == null ? '' : `.${apiGroup}`}/${name}`,
      ageOf(metadata.creationTimestamp, now),
    ],
  }
}

export const printNetworkPolicy: PrintRow = (object, now) => {
  const { metadata, spec } = object as unknown as NetworkPolicy
  return {
    cells: [metadata.name ?? '', formatLabelSelector(spec?.podSelector), ageOf(metadata.creationTimestamp, now)],
  }
}
