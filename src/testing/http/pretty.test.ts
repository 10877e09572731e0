import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { transformOf } from './pretty.ts'

const json = Buffer.from('{"a":{"b":[1,{"c":"x:,{}\\"\\\\"}],"d":{},"e":[]},"f":-1.50}\n')

test('pretty JSON has a line for each value, and text and numbers as they were', () => {
  const pretty = transformOf({ encoding: 'json', isPretty: true })!(json).toString()
  expect(pretty).toBe(
    [
      '{',
      '  "a": {',
      '    "b": [',
      '      1,',
      '      {',
      '        "c": "x:,{}\\"\\\\"',
      '      }',
      '    ],',
      '    "d": {},',
      '    "e": []',
      '  },',
      '  "f": -1.50',
      '}',
    ].join('\n'),
  )
})

test('YAML says the same', () => {
  const yaml = transformOf({ encoding: 'yaml', isPretty: false })!(json).toString()
  expect(parse(yaml)).toEqual(JSON.parse(json.toString()))
})

test('anything else is sent as it is made', () => {
  expect(transformOf({ encoding: 'json', isPretty: false })).toBeUndefined()
  expect(transformOf({ encoding: 'protobuf', isPretty: false })).toBeUndefined()
})
