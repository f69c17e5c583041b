import { Fault, notSupported } from '../fault.ts'
import type { Request } from '../request.ts'
import type { Column, Table } from '../schema/model.ts'
import type { Value } from '../store/rows.ts'
import { WEBHOOK } from './steps.ts'

const POST_OPERATION = 40
const ASYNCHRONOUS = 1

/** Checks what is written to the tables that webhooks are registered in. @throws Fault naming the column */
export function checkRegistration(
  request: Request,
  table: Table,
  values: ReadonlyMap<Column, Value>,
  slot: number | undefined,
): void {
  if (table.name !== 'serviceendpoint' && table.name !== 'sdkmessageprocessingstep') return
  const rows = request.database.rows(table)
  const read = (name: string): Value => {
    const column = table.byName.get(name)
    if (!column) return null
    const given = values.get(column)
    if (given !== undefined) return given
    return slot === undefined ? null : rows.value(slot, column)
  }
  if (table.name === 'serviceendpoint') checkEndpoint(request, read)
  else checkStep(request, read)
}

function checkEndpoint(request: Request, read: (name: string) => Value): void {
  if (read('contract') !== WEBHOOK) throw notSupported('service endpoints other than webhooks')
  const url = read('url')
  if (typeof url !== 'string' || !/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    throw refused('url', 'must be an address that begins with http:// or https://')
  }
  const { hostname } = new URL(url)
  if (!request.isWebhookHost(hostname)) {
    throw notSupported(`webhooks to ${hostname}: only those to this machine, or to --webhook-hosts`)
  }
}

function checkStep(request: Request, read: (name: string) => Value): void {
  const message = read('sdkmessageid')
  if (message === null) throw refused('sdkmessageid', 'is missing')
  const filter = read('sdkmessagefilterid')
  if (typeof filter === 'object' && filter !== null) {
    const filters = request.database.rows('sdkmessagefilter')
    const slot = filters.slotOf(filter.id)
    const column = filters.table.byName.get('sdkmessageid')
    const of = slot === undefined || !column ? null : filters.text(slot, column)
    if (typeof message === 'object' && of !== message.id) {
      throw refused('sdkmessagefilterid', 'is not of the message of the step')
    }
  }
  if (read('eventhandler') === null)
    throw notSupported('steps of plug-ins: a step needs eventhandler_serviceendpoint')
  // https://learn.microsoft.com/power-apps/developer/data-platform/register-web-hook
  if (read('configuration') !== null)
    throw refused('configuration', 'cannot be given for a webhook')
  const mode = read('mode')
  const stage = read('stage')
  if (mode === null) throw refused('mode', 'is missing')
  if (stage === null) throw refused('stage', 'is missing')
  if (mode === ASYNCHRONOUS && stage !== POST_OPERATION) {
    throw refused('stage', 'of an asynchronous step must be 40 (post-operation)')
  }
}

function refused(column: string, reason: string): Fault {
  return new Fault(400, '0x80040203', `'${column}' ${reason}.`)
}
