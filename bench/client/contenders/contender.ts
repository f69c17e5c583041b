/** One client to be compared, opened on a service. Every one of them does the same work. */
export interface Contender {
  /** Reads a table page by page, and answers with how many rows there were. */
  read(task: ReadTask): Promise<number>
  /** Writes a row by its id. */
  upsert(id: string, row: Readonly<Record<string, string | number | boolean>>): Promise<void>
  close(): Promise<void>
}

/** Which rows to read. */
export interface ReadTask {
  readonly table: string
  readonly columns: readonly string[]
  readonly pageSize: number
  readonly annotations: boolean
}

/** Opens a client on the service at an address, with a token that never ends. */
export type OpenContender = (origin: string, token: string) => Promise<Contender>
