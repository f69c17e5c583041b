import { ADMIN, createRig, type Rig } from '../dataverse/rig.ts'

export { API } from '../dataverse/rig.ts'

export const FORMATTED = 'OData.Community.Display.V1.FormattedValue'
export const INCLUDE_FORMATTED = { prefer: `odata.include-annotations="${FORMATTED}"` }

/** The rows that the documents' examples speak of, by id. */
export interface Sample extends Rig {
  readonly litware: string
  readonly adventure: string
  readonly susanna: string
  readonly nancy: string
  readonly tasks: readonly [string, string, string]
  readonly user: string
  readonly team: string
}

/** An organization that holds just the sample rows, made through the API. */
export async function createSample(): Promise<Sample> {
  const rig = createRig({ accounts: 0, contacts: 0 }, [ADMIN])
  const create = async (set: string, body: Record<string, unknown>): Promise<string> => {
    const reply = await rig.call(set, { method: 'POST', body })
    const id = /\(([^)]+)\)$/.exec(String(reply.headers['odata-entityid']))?.[1]
    if (id === undefined) throw new Error(`no row was created in ${set}: ${reply.text}`)
    return id
  }
  const who = await rig.call('WhoAmI')
  const teams = await rig.call('teams?$select=name&$top=1')
  const team = String(teams.json.value[0].teamid)
  const susanna = await create('contacts', { firstname: 'Susanna', lastname: 'Stubberod (sample)' })
  const nancy = await create('contacts', { firstname: 'Nancy', lastname: 'Anderson (sample)' })
  const litware = await create('accounts', {
    name: 'Litware, Inc. (sample)',
    accountnumber: 'LITWARE',
    revenue: 20000,
    customertypecode: 1,
    'primarycontactid@odata.bind': `/contacts(${susanna})`,
  })
  const adventure = await create('accounts', {
    name: 'Adventure Works (sample)',
    accountnumber: 'ADVENTURE',
    numberofemployees: 300,
    'primarycontactid@odata.bind': `/contacts(${nancy})`,
    'ownerid@odata.bind': `/teams(${team})`,
  })
  await rig.call(`contacts(${susanna})`, {
    method: 'PATCH',
    body: { 'parentcustomerid_account@odata.bind': `/accounts(${litware})` },
  })
  const task = (number: number) =>
    create('tasks', {
      subject: `Task ${number} for Litware`,
      'regardingobjectid_account_task@odata.bind': `/accounts(${litware})`,
    })
  const tasks = [await task(1), await task(2), await task(3)] as const
  return { ...rig, litware, adventure, susanna, nancy, tasks, user: who.json.UserId, team }
}

/** The `$skiptoken` of the service for a second page, in its double encoding. */
export function skipToken(
  key: string,
  last: string,
  first: string,
  { page = 1, counted }: { page?: number; counted?: number } = {},
): string {
  const id = (value: string): string => `%257b${value.toUpperCase()}%257d`
  const records = counted === undefined ? '' : `%2520countOfRecords%253d%2522${counted}%2522`
  return `%3Ccookie%20pagenumber=%22${page + 1}%22%20pagingcookie=%22%253ccookie%2520page%253d%2522${page}%2522${records}%253e%253c${key}%2520last%253d%2522${id(last)}%2522%2520first%253d%2522${id(first)}%2522%2520%252f%253e%253c%252fcookie%253e%22%20istracking=%22False%22%20/%3E`
}

/** A row without what differs from run to run. */
export function untagged(row: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([name]) => name !== '@odata.etag'))
}
