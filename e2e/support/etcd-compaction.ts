/** Where kube-apiserver looks for the revision that etcd was compacted at (k8s.io/apiserver `etcd3/compact.go`). */
const COMPACTED_REVISION = base64('compact_rev_key')

export interface CompactionOptions {
  /**
   * As if it had asked for the compaction: it drops its snapshots of what is gone, within 15 s. Otherwise
   * its own memory stays.
   */
  readonly tellsApiServer?: boolean
}

/** Compacts an etcd at its current revision, through the JSON gateway that it has beside gRPC. */
export async function compact(etcd: string, { tellsApiServer = false }: CompactionOptions = {}): Promise<void> {
  // Any key will do: the header of the answer says the revision.
  const { header } = await post<{ header: { revision: string } }>(`${etcd}/v3/kv/range`, {
    key: base64('revision'),
  })
  await post(`${etcd}/v3/kv/compaction`, { revision: header.revision, physical: true })
  if (tellsApiServer) await post(`${etcd}/v3/kv/put`, { key: COMPACTED_REVISION, value: base64(header.revision) })
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

async function post<T>(url: string, body: object): Promise<T> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`POST ${url} was answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as T
}
