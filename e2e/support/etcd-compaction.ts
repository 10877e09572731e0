/** Compacts an etcd at its current revision, through the JSON gateway that it has beside gRPC. */
export async function compact(etcd: string): Promise<void> {
  // Any key will do: the header of the answer says the revision.
  const { header } = await post<{ header: { revision: string } }>(`${etcd}/v3/kv/range`, {
    key: Buffer.from('revision').toString('base64'),
  })
  await post(`${etcd}/v3/kv/compaction`, { revision: header.revision, physical: true })
}

async function post<T>(url: string, body: object): Promise<T> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
  if (!response.ok) throw new Error(`POST ${url} was answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as T
}
