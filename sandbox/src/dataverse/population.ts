import type { OrganizationIdentity } from '../identity.ts'
import { Membership } from './access/membership.ts'
import { loadSchema } from './schema/load.ts'
import type { Schema } from './schema/model.ts'
import { generateRows, type RowCounts } from './seed/generate.ts'
import { createInsert } from './seed/insert.ts'
import { insertMember, type Member, seedPeople } from './seed/people.ts'
import { Database } from './store/database.ts'
import type { IdSorting } from './store/id-sorting.ts'
import { createIds, createRandom } from './store/random.ts'

/** Whom and what an organization holds in its first moment. */
export interface Population {
  readonly identity: OrganizationIdentity
  readonly members: readonly Member[]
  /** How many generated rows; 5,000 accounts and 10,000 contacts when absent. */
  readonly rows?: Partial<RowCounts>
  /** Makes the organization's own copy of a schema; the built-in one when absent. */
  readonly schema?: () => Schema
  /** The same seed gives the same rows. */
  readonly seed?: number
}

/** What an organization is once someone has used it. */
export interface OrganizationState {
  readonly database: Database
  readonly membership: Membership
  addMember(member: Member): void
}

/** Makes the tables, the people and the generated rows; `sorting` tells how ids are ordered at each moment. */
export function populate(
  { identity, members, rows, schema = loadSchema, seed = 1 }: Population,
  sorting: () => IdSorting,
): OrganizationState {
  const random = createRandom(seed)
  const database = new Database(schema(), createIds(random, 0x10000000), sorting)
  const insert = createInsert(database)
  const anchors = seedPeople(database, insert, { id: identity.id, name: identity.friendlyName })
  const membership = new Membership(database)
  const addMember = (member: Member): void => {
    membership.add(member, insertMember(database, insert, member, anchors))
  }
  for (const member of members) addMember(member)
  generateRows(database, insert, anchors, random, {
    accounts: rows?.accounts ?? 5_000,
    contacts: rows?.contacts ?? 10_000,
  })
  return { database, membership, addMember }
}
