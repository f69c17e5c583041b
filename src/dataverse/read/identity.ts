import { isObject } from '../../kernel/index.ts'
import { parseGuid } from '../address/guid.ts'
import { readText } from '../answer/answer-fields.ts'
import { unexpectedAnswer } from '../answer/json-answer.ts'
import type { CallOptions } from '../call-options.ts'
import type { Session } from '../session.ts'

/** Who the environment takes the caller for. */
export interface WhoAmI {
  readonly userId: string
  readonly businessUnitId: string
  readonly organizationId: string
}

/** What the environment says of itself. */
export interface Organization {
  readonly id: string
  readonly name?: string
  readonly uniqueName?: string
  readonly version?: string
  readonly tenantId?: string
  readonly environmentId?: string
  readonly geo?: string
}

/** Asks the service for the ids of the caller. */
export async function whoAmI(session: Session, options: CallOptions): Promise<WhoAmI> {
  const url = new URL('WhoAmI', session.api.root)
  const answer = await session.json({ ...options, url })
  const id = (name: string): string => {
    const guid = parseGuid(readText(answer, name) ?? '')
    if (guid === undefined) throw unexpectedAnswer(url, `JSON without ${name}`)
    return guid
  }
  return {
    userId: id('UserId'),
    businessUnitId: id('BusinessUnitId'),
    organizationId: id('OrganizationId'),
  }
}

/** Asks the service for its organization's names, version and tenant. */
export async function organization(session: Session, options: CallOptions): Promise<Organization> {
  const accessType = "Microsoft.Dynamics.CRM.EndpointAccessType'Default'"
  const url = new URL(`RetrieveCurrentOrganization(AccessType=${accessType})`, session.api.root)
  const { Detail: detail } = await session.json({ ...options, url })
  const id = isObject(detail) ? parseGuid(readText(detail, 'OrganizationId') ?? '') : undefined
  if (!isObject(detail) || id === undefined) throw unexpectedAnswer(url, 'JSON without Detail')
  const known = (name: string, key: string): { readonly [key: string]: string } => {
    const text = readText(detail, key)
    return text === undefined ? {} : { [name]: text }
  }
  return {
    id,
    ...known('name', 'FriendlyName'),
    ...known('uniqueName', 'UniqueName'),
    ...known('version', 'OrganizationVersion'),
    ...known('tenantId', 'TenantId'),
    ...known('environmentId', 'EnvironmentId'),
    ...known('geo', 'Geo'),
  }
}
