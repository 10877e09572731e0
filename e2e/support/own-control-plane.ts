import { onTestFailed, onTestFinished } from 'vitest'
import { ControlPlane, type ControlPlaneOptions } from './control-plane.ts'

/** A control plane for one test, that may do with it what it likes. Its logs are shown when the test fails. */
export async function ownControlPlane(options: ControlPlaneOptions = {}): Promise<ControlPlane> {
  const controlPlane = await ControlPlane.start(options)
  onTestFailed(() => console.log(controlPlane.logs()))
  onTestFinished(() => controlPlane.stop())
  return controlPlane
}
