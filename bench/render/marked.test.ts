import { describe, expect, test } from 'vitest'
import { fillMarked } from './marked.ts'

const blocks = { one: () => '| a |', two: () => 'b' }

describe('a document with markers', () => {
  test('gets its blocks, and keeps what stands around them', () => {
    const text = 'head\n\n<!-- bench:one -->old<!-- /bench -->\n\nmiddle\n\n<!-- bench:two -->\n<!-- /bench -->\ntail\n'
    const filled =
      'head\n\n<!-- bench:one -->\n\n| a |\n\n<!-- /bench -->\n\nmiddle\n\n<!-- bench:two -->\n\nb\n\n<!-- /bench -->\ntail\n'
    expect(fillMarked(text, blocks)).toBe(filled)
  })

  test('stays as it is when it is filled again', () => {
    const once = fillMarked('<!-- bench:one --><!-- /bench -->', blocks)
    expect(fillMarked(once, blocks)).toBe(once)
  })

  test('is refused when it names a block that there is not, or does not end one', () => {
    expect(() => fillMarked('<!-- bench:three --><!-- /bench -->', blocks)).toThrow('there is no block named three')
    expect(() => fillMarked('<!-- bench:one --> and no end', blocks)).toThrow('the block one has no end')
  })
})
