import type { Random } from './random.ts'
import type { World } from './world.ts'

/** Something that can happen at any time in any history. */
export interface Step {
  readonly name: string
  readonly weight: number
  /** Lets it happen, with numbers of its own, and says in words what happened. */
  readonly run: (world: World, random: Random) => string | Promise<string>
}
