import { json, notSupported } from './answers.ts'
import type { Member, Organization, OrganizationOptions } from './dataverse/index.ts'

/** Answers the challenge and WhoAmI, so that sign-in can be tried before the Web API is there. */
export function createOrganization({
  identity,
  tokens,
  members,
}: OrganizationOptions): Organization {
  const findMember = (oid: string): Member | undefined =>
    members.find((one) => one.entraObjectId === oid)
  const control: Organization['control'] = JSON.parse('{}')
  return {
    control,
    async handler(exchange) {
      const token = /^Bearer (\S+)$/i.exec(exchange.headers.authorization ?? '')?.[1]
      const verdict = token === undefined ? undefined : await tokens.inspect(token)
      if (!verdict?.valid || verdict.claims.tid !== identity.tenantId) {
        const challenge = `Bearer authorization_uri=${identity.authorizationUri}, resource_id=${identity.origins[0]}/`
        return { status: 401, headers: { 'www-authenticate': challenge } }
      }
      const member = findMember(verdict.claims.oid)
      if (!member)
        return json(403, {
          error: { code: '0x80072560', message: 'The user is not a member of the organization.' },
        })
      if (exchange.url.pathname.endsWith('/WhoAmI')) {
        return json(200, {
          UserId: member.entraObjectId,
          BusinessUnitId: identity.id,
          OrganizationId: identity.id,
        })
      }
      return notSupported(exchange.url.pathname)
    },
  }
}
