import type { Pauses } from './pauses.ts'
import type { PhaseProfile } from './phase-profile.ts'

/** What a peer prints as a line of JSON: figures by name, their unit at its end. */
export interface PeerSample {
  readonly figures: { readonly [figure: string]: number }
  /** By phase: only programs with an event loop have them. */
  readonly pauses?: { readonly [phase: string]: Pauses }
  /** By phase, when asked for. */
  readonly profiles?: { readonly [phase: string]: PhaseProfile }
}
