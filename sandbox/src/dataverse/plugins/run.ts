import { Fault } from '../fault.ts'
import type { Request } from '../request.ts'
import type { Column, Table } from '../schema/model.ts'
import type { Value } from '../store/rows.ts'
import { bypassed } from './bypass.ts'
import type { Plugin } from './model.ts'

/** Lets the plug-ins of a message see a row. @throws Fault the refusal of the first that minds */
export function runPlugins(
  request: Request,
  message: Plugin['message'],
  table: Table,
  values: ReadonlyMap<Column, Value> = new Map(),
): void {
  if (request.plugins.length === 0 || bypassed(request).sync) return
  const steps = request.plugins.filter(
    (plugin) => plugin.table === table.name && plugin.message === message,
  )
  if (steps.length > 0) refuseSize(request)
  const minds = steps.find((plugin) => concerns(plugin, table, values))
  if (!minds) return
  const { message: text, operationStatus, subErrorCode, trace } = minds.error
  throw new Fault(400, '0x80040265', text, {}, { operationStatus, subErrorCode, trace })
}

// https://learn.microsoft.com/troubleshoot/power-platform/dataverse/dataverse-plug-ins/dataverse-plug-ins-errors
function refuseSize({ exchange, pluginMegabytes }: Request): void {
  const megabytes = exchange.body.length / 1_048_576
  if (megabytes <= pluginMegabytes) return
  throw new Fault(
    500,
    '0x80040216',
    `Message size exceeded when sending context to Sandbox. Message size: ${megabytes.toFixed(2)} Mb`,
  )
}

function concerns({ when }: Plugin, table: Table, values: ReadonlyMap<Column, Value>): boolean {
  if (!when) return true
  const column = table.byName.get(when.column)
  const value = column && values.get(column)
  return (
    (typeof value === 'string' || typeof value === 'number') &&
    String(value).includes(when.contains)
  )
}
