import type { Answer } from '../exchange.ts'
import { badQuery, noResource, notSupported, unknownSegment } from './fault.ts'
import type { Segment } from './http/address.ts'
import { type List, NAMESPACE, type Operand } from './query/expression.ts'
import { parseParameter } from './query/parse-filter.ts'
import { splitOutside } from './query/split.ts'
import { jsonAnswer, type Request } from './request.ts'

/** Functions that stand alone after the version, with the names of their parameters. */
export const OPERATIONS: ReadonlyMap<string, readonly string[]> = new Map([
  ['WhoAmI', []],
  ['RetrieveVersion', []],
  ['RetrieveCurrentOrganization', ['AccessType']],
  ['RetrieveTotalRecordCount', ['EntityNames']],
])

const SERVER_VERSION = '9.2.24051.00165'

/** Calls one of the service's functions. */
export function answerOperation(request: Request, { name, key }: Segment): Answer {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    throw noResource(request.exchange.url.href)
  const parameters = readParameters(request, key, OPERATIONS.get(name) ?? [])
  switch (name) {
    case 'WhoAmI':
      return reply(request, 'WhoAmIResponse', {
        BusinessUnitId: request.caller.unit,
        UserId: request.caller.user.id,
        OrganizationId: request.identity.id,
      })
    case 'RetrieveVersion':
      return reply(request, 'RetrieveVersionResponse', { Version: SERVER_VERSION })
    case 'RetrieveCurrentOrganization':
      return currentOrganization(request, parameters)
    case 'RetrieveTotalRecordCount':
      return totalRecordCount(request, parameters)
    default:
      throw unknownSegment(name)
  }
}

function currentOrganization(request: Request, parameters: Map<string, Operand | List>): Answer {
  const access = parameters.get('AccessType')
  const isAccess = access?.kind === 'enum' && access.type === `${NAMESPACE}EndpointAccessType`
  const value = isAccess ? access.value : undefined
  if (value === undefined)
    throw badQuery("The parameter 'AccessType' is missing or is no EndpointAccessType.")
  if (value !== 'Default') throw notSupported(`the access type ${value}`)
  const { identity } = request
  const origin = identity.origins[0] ?? ''
  return reply(request, 'RetrieveCurrentOrganizationResponse', {
    Detail: {
      OrganizationId: identity.id,
      FriendlyName: identity.friendlyName,
      OrganizationVersion: SERVER_VERSION,
      EnvironmentId: identity.id,
      DatacenterId: '00000000-0000-0000-0000-000000000000',
      Geo: 'EMEA',
      TenantId: identity.tenantId,
      UrlName: identity.uniqueName,
      UniqueName: identity.uniqueName,
      Endpoints: {
        Count: 3,
        IsReadOnly: false,
        Keys: ['WebApplication', 'OrganizationService', 'OrganizationDataService'],
        Values: ['', 'Organization.svc', 'OrganizationData.svc'].map(
          (name) => `${origin}/${name && `XRMServices/2011/${name}`}`,
        ),
      },
      State: 'Enabled',
    },
  })
}

function totalRecordCount(request: Request, parameters: Map<string, Operand | List>): Answer {
  const names = parameters.get('EntityNames')
  if (names?.kind !== 'list')
    throw badQuery("The parameter 'EntityNames' is missing or is no list.")
  const Keys = names.items.map(String)
  const Values = Keys.map((name) => {
    const table = request.database.schema.tables.get(name)
    if (!table)
      throw badQuery(`The entity with a name = '${name}' was not found in the MetadataCache.`)
    return request.database.rows(table).size
  })
  return reply(request, 'RetrieveTotalRecordCountResponse', {
    EntityRecordCountCollection: { Count: Keys.length, IsReadOnly: false, Keys, Values },
  })
}

function reply(request: Request, type: string, values: Readonly<Record<string, unknown>>): Answer {
  const context = `${request.base}/$metadata#Microsoft.Dynamics.CRM.${type}`
  return jsonAnswer(request, JSON.stringify({ '@odata.context': context, ...values }))
}

/** Reads `name=value` pairs, aliases taken from the query. */
function readParameters(
  request: Request,
  text: string | undefined,
  known: readonly string[],
): Map<string, Operand | List> {
  const parameters = new Map<string, Operand | List>()
  if (text === undefined || text.trim() === '') return parameters
  for (const part of splitOutside(text, ',')) {
    const at = part.indexOf('=')
    const name = part.slice(0, Math.max(0, at)).trim()
    if (!known.includes(name) || parameters.has(name)) {
      throw badQuery('Bad Request - Error in query syntax.')
    }
    const value = parseParameter(part.slice(at + 1))
    const resolved = value.kind === 'alias' ? request.options.aliases.get(value.name) : value
    parameters.set(name, resolved ?? { kind: 'null' })
  }
  return parameters
}
