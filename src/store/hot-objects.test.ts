import { describe, expect, test } from 'vitest'
import { HotObjects, type Holder, SharedObject } from './hot-objects.ts'

class Fake implements Holder {
  hot: SharedObject | undefined
  isCollected = false
  looks = 0

  /** What happened to it, in order. */
  readonly past: string[] = []

  heat(objects: HotObjects, wireBytes: number, isFirstTime = false): void {
    this.hot = new SharedObject({})
    objects.add(this, wireBytes, isFirstTime)
  }

  cool(): void {
    this.past.push('cooled')
    this.hot = undefined
  }

  forget(): void {
    this.past.push('forgotten')
    this.hot = undefined
  }

  forgetCollected(): boolean {
    this.looks++
    return this.isCollected
  }
}

const hotOnes = (fakes: readonly Fake[]): number[] => [...fakes.keys()].filter((i) => fakes[i]!.hot !== undefined)

describe('hot objects', () => {
  test('are the last ones that fit into the budget', () => {
    const objects = new HotObjects(9000)
    const fakes = Array.from({ length: 10 }, () => new Fake())
    for (const fake of fakes) fake.heat(objects, 1000)
    expect(hotOnes(fakes)).toEqual([7, 8, 9])
  })

  test('stay another round when they have been read since', () => {
    const objects = new HotObjects(9000)
    const fakes = Array.from({ length: 5 }, () => new Fake())
    for (const fake of fakes.slice(0, 3)) fake.heat(objects, 1000)
    fakes[0]!.hot!.wasRead = true
    fakes[3]!.heat(objects, 1000)
    expect(hotOnes(fakes)).toEqual([0, 2, 3])
    fakes[4]!.heat(objects, 1000)
    expect(hotOnes(fakes)).toEqual([0, 3, 4])
  })

  test('do not include one that is larger than the budget', () => {
    const objects = new HotObjects(9000)
    const [small, large] = [new Fake(), new Fake()]
    small.heat(objects, 1000)
    large.heat(objects, 4000)
    expect(hotOnes([small, large])).toEqual([])
  })

  test('that have cooled are looked at until they are collected, two for each new one', () => {
    const objects = new HotObjects(0)
    const fakes = Array.from({ length: 20 }, () => new Fake())
    fakes[1]!.isCollected = true
    for (const fake of fakes) fake.heat(objects, 1)
    expect(fakes[1]!.looks).toBe(1)
    expect(fakes.reduce((sum, { looks }) => sum + looks, 0)).toBe(40)
  })

  test('that are decoded for the first time are soon forgotten, and take nothing from the others', () => {
    const objects = new HotObjects(64 * 9000)
    const [hot, ...fresh] = Array.from({ length: 6 }, () => new Fake())
    hot!.heat(objects, 1000)
    for (const fake of fresh) fake.heat(objects, 1000, true)
    expect(hotOnes([hot!, ...fresh])).toEqual([0, 3, 4, 5])
    expect(fresh[0]!.past).toEqual(['forgotten'])
  })
})
