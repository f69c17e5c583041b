import { writeTypes } from '../../dataverse/index.ts'
import { type CredentialRef, openClient, type RunHost } from './run-host.ts'

/** Some tables of a Credential's environment. */
export interface TypesRequest extends CredentialRef {
  readonly tables: readonly string[]
  readonly signal?: AbortSignal
}

/** Writes TypeScript for some tables of an environment. @throws DataverseError `not_found` */
export async function readTypes(
  host: RunHost,
  { tables, signal, ...credential }: TypesRequest,
): Promise<string> {
  const client = await openClient(host, credential)
  const options = signal === undefined ? {} : { signal }
  const read = tables.map((table) => client.metadata.table(table, options))
  return writeTypes(await Promise.all(read), { source: new URL(client.address).origin })
}
