import { InformerProbe, type ProbedInformer } from './informer-probe.ts'
import type { PeerArguments } from './peer-arguments.ts'

/** Measures an informer, prints a line of JSON, and ends the process; with a line that says why, when it fails. */
export async function measureInformer(informer: ProbedInformer, args: PeerArguments): Promise<never> {
  const probe = new InformerProbe(informer, args)
  try {
    await probe.run(args)
  } catch (error) {
    process.stderr.write(`${String(error)}\n`)
    process.exit(1)
  }
  await new Promise((resolve) => process.stdout.write(`${JSON.stringify(probe.sample)}\n`, resolve))
  process.exit(0)
}
