import { median } from '../measure.ts'

/** What the server had before, and at its highest while all clients read. */
export interface CostSample {
  readonly beforeBytes: number
  readonly peakBytes: number
  readonly serverCpuMs: number
  /** Until the last client had everything. */
  readonly allMs: number
  /** Of the clients that failed, and how many did. */
  readonly errors?: readonly string[]
  readonly failed?: number
}

export interface CostRow {
  readonly server: string
  readonly what: string
  /** Peaks in each round. */
  readonly values: readonly number[]
  readonly atMost?: number
}

type Costs = { readonly [server: string]: { readonly [client: string]: readonly CostSample[] } }

/** Each client's peak at the server, against that of curl with the same request. */
export function costRows(samples: Costs): CostRow[] {
  return Object.entries(samples).flatMap(([server, clients]) =>
    Object.entries(clients)
      .filter(([client]) => !client.startsWith('curl'))
      .map(([client, found]) => {
        const [, encoding, how] = client.split(' ')
        const curl = clients[`curl ${encoding!} ${how!}`]!
        return {
          server,
          what: client,
          values: found.map(({ peakBytes }, round) => peakBytes / curl[round]!.peakBytes),
          ...(client.startsWith('kubeflume') ? { atMost: 1.1 } : {}),
        }
      }),
  )
}

export function printCosts(samples: Costs, rows: readonly CostRow[]): void {
  const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`
  console.table(
    Object.entries(samples).flatMap(([server, clients]) =>
      Object.entries(clients).map(([client, found]) => {
        const row = rows.find((each) => each.server === server && each.what === client)
        return {
          server,
          client,
          before: megabytes(median(found.map(({ beforeBytes }) => beforeBytes))),
          peak: megabytes(median(found.map(({ peakBytes }) => peakBytes))),
          'all done': `${(median(found.map(({ allMs }) => allMs)) / 1000).toFixed(1)} s`,
          'server CPU': `${(median(found.map(({ serverCpuMs }) => serverCpuMs)) / 1000).toFixed(1)} s`,
          "x curl's": row === undefined ? '' : median(row.values).toFixed(2),
          failed: found.reduce((sum, { failed = 0 }) => sum + failed, 0) || '',
        }
      }),
    ),
  )
}
