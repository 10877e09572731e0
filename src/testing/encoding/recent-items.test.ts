import { describe, expect, test } from 'vitest'
import { Registry } from '../catalog/registry.ts'
import type { StoredVersion } from '../storage/collection.ts'
import { versionOf } from '../storage/storage.ts'
import { BackwardWriter } from './backward-writer.ts'
import { ObjectEncoder } from './object-encoder.ts'
import { recentItems } from './recent-items.ts'
import type { Representation } from './representation.ts'

const served = new Registry().find('', 'v1', 'configmaps')!

function encoder(form: Representation['form'] = 'object'): ObjectEncoder {
  const rest = { encoding: 'protobuf', metaVersion: 'v1', includeObject: 'Metadata', isPretty: false } as const
  return new ObjectEncoder(served, { form, ...rest }, () => 0)
}

function configMap(name: string, size: number): StoredVersion {
  const object = { metadata: { name }, data: { key: 'x'.repeat(size) } }
  return versionOf(served, object, { revision: 2, isDeleted: false })
}

/** The item without a memory of others. */
function made(version: StoredVersion, form?: Representation['form']): string {
  const out = new BackwardWriter()
  encoder(form).writeMessage(out, version)
  const message = out.copy().toString('latin1')
  out.clear()
  out.bytes(Buffer.from(message, 'latin1'))
  out.prefix(0x12, message.length)
  return out.copy().toString('latin1')
}

const read = (version: StoredVersion, form?: Representation['form']): string =>
  recentItems.bytesOf(encoder(form), version).toString('latin1')

describe('an item of a protobuf list', () => {
  test('is made once for lists that are sent at the same time', () => {
    const version = configMap('a', 100)
    expect(recentItems.lengthOf(encoder(), version)).toBe(made(version).length)
    const first = recentItems.bytesOf(encoder(), version)
    expect(read(configMap('b', 100))).toContain('b')
    const second = recentItems.bytesOf(encoder(), version)
    expect(second.toString('latin1')).toBe(made(version))
    expect([second.buffer === first.buffer, second.byteOffset]).toEqual([true, first.byteOffset])
  })

  test('is made again when others have taken its room', () => {
    const versions = Array.from({ length: 300 }, (_, index) => configMap(`c${index}`, 30_000 + index))
    for (const version of [...versions, ...versions.slice(0, 100)]) {
      expect(read(version) === made(version)).toBe(true)
      expect(recentItems.lengthOf(encoder(), version)).toBe(made(version).length)
    }
  })

  test('is another one with its metadata alone', () => {
    const version = configMap('a', 100)
    expect(read(version)).toBe(made(version))
    expect(read(version, 'metadata')).toBe(made(version, 'metadata'))
    expect(recentItems.lengthOf(encoder('metadata'), version)).toBeLessThan(recentItems.lengthOf(encoder(), version))
  })

  test('stays what it is where it is sent without a copy', () => {
    const versions = Array.from({ length: 100 }, (_, index) => configMap(`d${index}`, 70_000))
    const items = versions.map((version) => recentItems.bytesOf(encoder(), version))
    expect(items.map((item, index) => item.toString('latin1') === made(versions[index]!))).not.toContain(false)
  })
})
