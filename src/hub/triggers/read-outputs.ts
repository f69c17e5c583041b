import { listOutputs, type OutputRow, type Queryable, type TriggerKey } from '../store/index.ts'

const FIRST_ROWS = 4
const MOST_ROWS = 1000
const WANTED_BYTES = 4 * 1024 * 1024

/** Reads stored outputs in their order, in parts that are as large as their rows allow. */
export async function* readOutputs(
  db: Queryable,
  key: TriggerKey,
  { after, limit = Number.POSITIVE_INFINITY }: { readonly after: number; readonly limit?: number },
): AsyncGenerator<OutputRow, void, undefined> {
  let [from, left, rows] = [after, limit, FIRST_ROWS]
  while (left > 0) {
    const wanted = Math.min(rows, left)
    const part = await listOutputs(db, key, { after: from, limit: wanted })
    yield* part
    if (part.length < wanted) return
    from = part.at(-1)?.sequence ?? from
    left -= part.length
    const bytes = part.reduce((sum, { body }) => sum + JSON.stringify(body).length, 0)
    const fitting = Math.floor((WANTED_BYTES * part.length) / Math.max(1, bytes))
    rows = Math.max(1, Math.min(fitting, rows * 4, MOST_ROWS))
  }
}
