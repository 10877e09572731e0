import { reflectedType, toMessage } from '../pod-message.ts'
import type { Encoding } from './frames.ts'

type Plain = { readonly [field: string]: unknown }

const POD = 'core/v1.Pod'
const type = reflectedType(POD)

/** What differs from pod to pod: texts that keep their length, so that they can be written over one another. */
export interface Variables {
  /** The hexadecimal part of the name, also in the owner's. */
  readonly name: string
  readonly uid: string
  readonly version: string
  readonly address: string
  /** Of the owner's uid, the template, the configuration, the token volume, and of each image and container. */
  readonly digests: readonly string[]
}

/** A pod in both encodings, with the places where its variables are. Encoding is what takes long; this makes many out of one. */
export class EncodedPod {
  readonly variables: Variables
  readonly #bytes: { readonly [encoding in Encoding]: Buffer }
  readonly #places: { readonly [encoding in Encoding]: Places }

  constructor(pod: Plain) {
    this.variables = variablesOf(pod)
    this.#bytes = {
      json: Buffer.from(JSON.stringify(pod)),
      protobuf: Buffer.from(type.encode(toMessage(pod, POD)).finish()),
    }
    this.#places = { json: this.#find('json'), protobuf: this.#find('protobuf') }
  }

  /** The pod with other variables. The bytes are valid until the next call, of any pod. */
  write(encoding: Encoding, variables: Variables = this.variables): Buffer {
    const source = this.#bytes[encoding]
    const bytes = scratch.subarray(0, source.length)
    source.copy(bytes)
    const places = this.#places[encoding]
    texts(variables).forEach((text, index) => {
      for (const at of places[index]!) bytes.write(text, at, 'latin1')
    })
    return bytes
  }

  #find(encoding: Encoding): Places {
    return texts(this.variables).map((text) => {
      const places: number[] = []
      const bytes = this.#bytes[encoding]
      for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) places.push(at)
      if (places.length === 0) throw new Error(`${text} is not in the pod's ${encoding}`)
      return places
    })
  }
}

/** The offsets of each text, in the order of `texts`. */
type Places = readonly (readonly number[])[]

const scratch = Buffer.alloc(64 * 1024)

/** The version last: the others are long enough not to be met by chance. */
function texts({ name, uid, version, address, digests }: Variables): string[] {
  return [name, uid, address, ...digests, version]
}

interface PodLike {
  readonly metadata: {
    readonly generateName: string
    readonly uid: string
    readonly resourceVersion: string
    readonly labels: { readonly [label: string]: string }
    readonly annotations: { readonly [annotation: string]: string }
    readonly ownerReferences: readonly { readonly uid: string }[]
  }
  readonly spec: { readonly volumes: readonly { readonly name: string }[] }
  readonly status: {
    readonly podIP: string
    readonly containerStatuses: readonly { readonly imageID: string; readonly containerID: string }[]
  }
}

function variablesOf(pod: Plain): Variables {
  const { metadata, spec, status } = pod as unknown as PodLike
  const digest = (text: string): string => /[0-9a-f]+$/.exec(text)![0]
  return {
    name: digest(metadata.generateName.slice(0, -1)),
    uid: metadata.uid,
    version: metadata.resourceVersion,
    address: status.podIP,
    digests: [
      metadata.ownerReferences[0]!.uid,
      metadata.labels['pod-template-hash']!,
      metadata.annotations['example.com/checksum']!,
      `-access-${digest(spec.volumes[0]!.name)}`,
      ...status.containerStatuses.flatMap(({ imageID, containerID }) => [digest(imageID), digest(containerID)]),
    ],
  }
}

/** The same pod in other words: with `identity`, another pod; without, the next state of this one. */
export function vary(variables: Variables, version: number, random: () => number, identity: boolean): Variables {
  const { name, uid, address, digests } = variables
  const changed = digests.map((text, index) => (identity || index > 3 ? otherHex(text, random) : text))
  return {
    name: identity ? otherHex(name, random) : name,
    uid: identity ? otherHex(uid, random) : uid,
    address: identity ? otherAddress(address, random) : address,
    version: String(version),
    digests: changed,
  }
}

function otherHex(text: string, random: () => number): string {
  const [prefix] = /^-access-/.exec(text) ?? ['']
  return prefix + text.slice(prefix.length).replace(/[0-9a-f]/g, () => Math.floor(random() * 16).toString(16))
}

/** Octets of as many digits, so that the bytes keep their length. */
function otherAddress(address: string, random: () => number): string {
  const octet = (text: string): string => {
    const [least, most] = [
      [0, 9],
      [10, 99],
      [100, 255],
    ][text.length - 1]!
    return String(least! + Math.floor(random() * (most! - least! + 1)))
  }
  const [network, ...octets] = address.split('.')
  return [network, ...octets.map(octet)].join('.')
}
