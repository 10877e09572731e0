import { describe, expect, test } from 'vitest'
import { type FieldPath, isWithin, parseFieldPath, readFieldPath } from './field-path.ts'

describe('a field path', () => {
  test.each<[FieldPath, string[]]>([
    ['spec.nodeName', ['spec', 'nodeName']],
    ['metadata', ['metadata']],
    ["metadata.annotations['a.b/c']", ['metadata', 'annotations', 'a.b/c']],
    ["['a.b'].c", ['a.b', 'c']],
    [String.raw`a['it\'s']`, ['a', "it's"]],
    ['spec.containers[*].image', ['spec', 'containers', 'image']],
    [
      ['metadata', 'labels', 'a.b/c'],
      ['metadata', 'labels', 'a.b/c'],
    ],
  ])('%j has the parts %j', (path, parts) => {
    expect(parseFieldPath(path)).toEqual(parts)
  })

  test.each<[FieldPath]>([
    [''],
    ['.'],
    ['.a'],
    ['a.'],
    ['a..b'],
    ['a[0]'],
    ['a['],
    ["a['b]"],
    ["a['']"],
    ['[*]'],
    [[]],
    [['a', '']],
    [['a', 1 as unknown as string]],
  ])('%j is refused', (path) => {
    expect(() => parseFieldPath(path)).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })

  test.each<[string, unknown[]]>([
    ['spec.node', ['n']],
    ['spec.missing', []],
    ['spec.node.deeper', []],
    ['spec.list', [1, 2]],
    ['spec.objects.name', ['a', 'b']],
    ['spec.objects[*].name', ['a', 'b']],
    ['spec.nothing', []],
    ['spec.zero', [0]],
    ['constructor', []],
  ])('%s reads %j', (path, expected) => {
    const object = {
      spec: { node: 'n', list: [1, 2], objects: [{ name: 'a' }, { other: 1 }, { name: 'b' }], nothing: null, zero: 0 },
    }
    expect(readFieldPath(object, parseFieldPath(path))).toEqual(expected)
  })
})

describe('a path within others', () => {
  test.each<[string, string[], boolean]>([
    ['spec.node', ['spec.node'], true],
    ['spec.node.name', ['status', 'spec.node'], true],
    ['spec', ['spec.node'], false],
    ['spec.nodes', ['spec.node'], false],
    ['spec.node', [], false],
  ])('%s in %j: %j', (path, roots, expected) => {
    expect(isWithin(parseFieldPath(path), roots.map(parseFieldPath))).toBe(expected)
  })
})
