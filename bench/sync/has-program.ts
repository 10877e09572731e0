import { spawnSync } from 'node:child_process'

/** Whether a program of this name can be started. */
export function hasProgram(name: string, argument: string): boolean {
  return spawnSync(name, [argument], { stdio: 'ignore' }).status === 0
}
