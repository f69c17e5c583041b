import assert from 'node:assert/strict'
import { type Context, findEntry, type Output } from '../../src/connector/index.ts'
import type { DataverseClient } from '../../src/dataverse/index.ts'
import { createLogger, systemClock } from '../../src/kernel/index.ts'
import { runContext } from '../support/run-context.ts'
import type { startSandbox } from '../support/sandbox.ts'

/** What one execution of the polling trigger put out, logged and left behind. */
export interface PollRun {
  readonly ids: readonly string[]
  readonly log: readonly Record<string, unknown>[]
  readonly cursor: unknown
}

interface RunParts extends Partial<Context<unknown, unknown>> {
  /** Called after each output, before the run goes on. */
  readonly between?: (output: Output) => Promise<void>
}

/** Makes executions of the polling trigger over accounts; every cursor fits where cursors are kept. */
export function pollRuns(client: DataverseClient) {
  return async (
    fields: object = {},
    cursor: unknown = null,
    { between, ...more }: RunParts = {},
  ): Promise<PollRun> => {
    const config = { objectType: 'account', emitBehavior: 'emitIndividually', ...fields }
    const log: Record<string, unknown>[] = []
    const write = (line: string) => log.push(JSON.parse(line))
    const logger = createLogger({ clock: systemClock, level: 'debug', write })
    const own = { clock: systemClock, logger, cursor, ...more }
    const run = findEntry('getNewAndUpdatedObjectsPolling')?.run({
      ...runContext(client, config, {}),
      ...own,
    })
    const outputs: Output[] = []
    for await (const output of run ?? []) {
      outputs.push(output)
      await between?.(output)
    }
    const cursors = outputs.flatMap((one) => (one.kind === 'checkpoint' ? [one.cursor] : []))
    const kept: unknown = JSON.parse(JSON.stringify(cursors.at(-1) ?? cursor))
    assert.ok(JSON.stringify(kept).length <= 5_000)
    return { ids: idsOf(outputs), log, cursor: kept }
  }
}

/** The ids of the rows that were put out. */
function idsOf(outputs: readonly Output[]): readonly string[] {
  return outputs.flatMap((one) => (one.kind === 'data' ? [String(Object(one.body).accountid)] : []))
}

/** Makes rows with a timestamp of the test’s own: the service stamps rows itself. */
export function stampedRows(client: DataverseClient, sandbox: Sandbox) {
  const [organization] = sandbox.description.organizations
  return async (name: string, modifiedon: number, accountid?: string): Promise<string> => {
    const { id } = await client.create('account', { name, ...(accountid && { accountid }) })
    const place = `/organizations/${organization?.uniqueName}/tables/account/rows/${id}`
    await sandbox.admin(place, 'PATCH', { modifiedon })
    return id
  }
}

/** Makes rows that become visible so much later than they are stamped, an hour unless told otherwise. */
export function lateRows(client: DataverseClient, sandbox: Sandbox) {
  const create = stampedRows(client, sandbox)
  return (name: string, lateMs = 3_600_000) => create(name, Date.now() - lateMs)
}

type Sandbox = Awaited<ReturnType<typeof startSandbox>>
