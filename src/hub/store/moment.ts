import { type RawBuilder, sql } from 'kysely'

/** A moment to compare a column with, given in ms: the driver writes dates, the columns are read as ms. */
export function moment(ms: number): RawBuilder<number> {
  return sql<number>`${new Date(ms)}::timestamptz`
}
