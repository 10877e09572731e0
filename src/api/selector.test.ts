import { describe, expect, test } from 'vitest'
import { checkFieldSelector, formatSelector, matchesLabels, parseSelector, type Selector } from './selector.ts'

describe('a label selector', () => {
  const objects = {
    none: undefined,
    web: { app: 'web', tier: 'front' },
    db: { app: 'db', 'example.com/size': '3' },
    empty: { app: '', 'example.com/size': '10' },
    text: { 'example.com/size': 'large' },
  }

  test.each<[Selector, string | undefined, (keyof typeof objects)[]]>([
    ['', undefined, ['none', 'web', 'db', 'empty', 'text']],
    [{}, undefined, ['none', 'web', 'db', 'empty', 'text']],
    ['app', 'app', ['web', 'db', 'empty']],
    ['!app', '!app', ['none', 'text']],
    ['! app', '!app', ['none', 'text']],
    ['app=web', 'app=web', ['web']],
    ['app == web', 'app=web', ['web']],
    ['app=', 'app=', ['empty']],
    ['app!=web', 'app!=web', ['none', 'db', 'empty', 'text']],
    ['app in (web, db)', 'app in (web,db)', ['web', 'db']],
    ['app in (web)', 'app=web', ['web']],
    ['app notin (web,db)', 'app notin (web,db)', ['none', 'empty', 'text']],
    ['app in (,web)', 'app in (,web)', ['web', 'empty']],
    ['app,tier', 'app,tier', ['web']],
    ['app in (web,db),!tier', 'app in (web,db),!tier', ['db']],
    ['example.com/size>3', 'example.com/size>3', ['empty']],
    ['example.com/size < 10', 'example.com/size<10', ['db']],
    [{ matchLabels: { app: 'web', tier: 'front' } }, 'app=web,tier=front', ['web']],
    [{ matchExpressions: [{ key: 'app', operator: 'In', values: ['web', 'db'] }] }, 'app in (web,db)', ['web', 'db']],
    [
      { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] },
      'app!=web',
      ['none', 'db', 'empty', 'text'],
    ],
    [{ matchExpressions: [{ key: 'app', operator: 'Exists' }] }, 'app', ['web', 'db', 'empty']],
    [
      { matchLabels: { app: 'db' }, matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] },
      'app=db,!tier',
      ['db'],
    ],
  ])('%j is sent as %j and matches what the server would', (selector, text, expected) => {
    expect(formatSelector(selector)).toBe(text)
    const requirements = parseSelector(selector)
    const matching = Object.entries(objects).filter(([, labels]) => matchesLabels(requirements, labels))
    expect(matching.map(([name]) => name)).toEqual(expected)
    expect(parseSelector(text ?? '')).toEqual(requirements)
  })

  test('compares numbers as whole ones, however large', () => {
    const requirements = parseSelector('size>9007199254740992')
    expect(
      ['9007199254740993', '9007199254740992', '1e99', ''].map((size) => matchesLabels(requirements, { size })),
    ).toEqual([true, false, false, false])
  })

  test('does not take what an object inherits for a label', () => {
    expect(matchesLabels(parseSelector('constructor'), {})).toBe(false)
  })

  test.each<[Selector]>([
    ['a b'],
    ['a='.concat('x'.repeat(64))],
    ['a=b=c'],
    ['a in'],
    ['a in b'],
    ['a,'],
    [',a'],
    ['a=-'],
    ['-a'],
    ['a/b/c'],
    ['a>b'],
    ['a in (b'],
    ['=b'],
    ['!'],
    [{ matchLabels: { 'a b': 'c' } }],
    [{ matchLabels: { a: 'b c' } }],
    [{ matchExpressions: [{ key: 'a', operator: 'In' }] }],
    [{ matchExpressions: [{ key: 'a', operator: 'In', values: [] }] }],
    [{ matchExpressions: [{ key: 'a', operator: 'Exists', values: ['b'] }] }],
    [{ matchExpressions: [{ key: 'a', operator: 'Gt', values: ['1'] }] }],
    [{ matchLabels: { a: 1 as unknown as string } }],
  ])('%j is refused', (selector) => {
    expect(() => parseSelector(selector)).toThrow(expect.objectContaining({ code: 'ERR_SELECTOR' }))
  })
})

describe('a field selector', () => {
  test.each([
    'spec.nodeName=a',
    'status.phase!=Failed,metadata.name==x',
    'spec.nodeName=',
    String.raw`metadata.name=a\,b`,
    'involvedObject.uid = 1',
  ])('%s is sent as it is', (selector) => {
    expect(checkFieldSelector(selector)).toBe(selector)
  })

  test.each(['spec.nodeName', '=a', 'a,b=c', 'a in (b)', 'a=b,', '!a'])('%s is refused', (selector) => {
    expect(() => checkFieldSelector(selector)).toThrow(expect.objectContaining({ code: 'ERR_SELECTOR' }))
  })
})
