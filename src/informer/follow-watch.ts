import type { KubeflumeError } from '../api/errors.ts'
import type { WireEvent } from '../decode/decoder.ts'
import { asKubeflumeError } from './reflector-errors.ts'
import type { WatchStream } from './watch-stream.ts'

export interface WatchFollower<T> {
  /** The server has accepted the watch. */
  onOpen(): void
  /** What it throws ends the watch. */
  onEvent(event: WireEvent<T>): void
}

export interface FollowedWatch {
  /** How many it brought, bookmarks counted. */
  readonly events: number
  /** undefined: the server ended it in good order. */
  readonly error: KubeflumeError | undefined
}

/** Hands on what a watch brings, until it ends, one way or another. */
export async function followWatch<T>(stream: WatchStream<T>, follower: WatchFollower<T>): Promise<FollowedWatch> {
  let events = 0
  try {
    let isOpen = false
    for (let next = await stream.next(); next !== undefined; next = await stream.next()) {
      if (!isOpen && stream.hasOpened) follower.onOpen()
      isOpen = stream.hasOpened
      for (const event of next) {
        follower.onEvent(event)
        events++
      }
    }
    return { events, error: undefined }
  } catch (error) {
    return { events, error: asKubeflumeError(error) }
  }
}
