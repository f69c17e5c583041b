import { toTimestamp } from '../../../kernel/index.ts'
import { type Discovery, readClaims, type TokenClaims } from '../../../oauth/index.ts'
import { ConnectError } from '../connect-error.ts'
import { explanationOf } from '../explanation-of.ts'
import type { Examination } from './examination.ts'
import type { Finding, Stage } from './stage.ts'

/** What can be found out about the token, before the environment sees it. */
export const tokenStages: readonly Stage<Examination>[] = [
  {
    name: 'token',
    title: 'Access token',
    checked: 'Whether the authorization server gives an access token.',
    needs: ['address'],
    run: obtainToken,
  },
  {
    name: 'token-claims',
    title: 'Audience, directory and expiry',
    checked: 'Whether the token is meant for this environment and directory, and is in force.',
    needs: ['challenge', 'token'],
    run: checkClaims,
  },
]

async function obtainToken({ tokens, signal, credential, found }: Examination): Promise<Finding> {
  const token = await tokens.token(signal)
  found.token = token
  return { evidence: { grant: credential.grant, expiresAt: toTimestamp(token.expiresAt) } }
}

async function checkClaims({ found, clock }: Examination): Promise<Finding> {
  const { token, discovery, clockAheadMs = 0 } = found
  const claims = token && readClaims(token.value)
  if (!claims || !discovery || claims.audience === undefined) {
    return { evidence: { readable: false } }
  }
  const fault =
    faultOfAudience(claims, discovery) ??
    faultOfTenant(claims, discovery) ??
    faultOfTime(claims, clock.now() - clockAheadMs)
  if (fault) throw fault
  return { evidence: evidenceOf(claims) }
}

function evidenceOf(claims: TokenClaims) {
  const { audience, tenantId, expiresAt, scopes, roles, userPrincipalName, clientId } = claims
  return {
    ...(audience === undefined ? {} : { audience }),
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(expiresAt === undefined ? {} : { expiresAt: toTimestamp(expiresAt) }),
    ...(scopes === undefined ? {} : { scopes }),
    ...(roles === undefined ? {} : { roles }),
    ...(userPrincipalName === undefined ? {} : { userPrincipalName }),
    ...(clientId === undefined ? {} : { clientId }),
  }
}

/**
 * Compares a token's audience with an environment's address. `org.crm4` and `org.api.crm4` are the same
 * environment, and a last slash does not count.
 */
export function faultOfAudience(
  { audience }: Pick<TokenClaims, 'audience'>,
  { resource }: Pick<Discovery, 'resource'>,
): ConnectError | undefined {
  if (audience === undefined) return undefined
  // Dynamics CRM's own app id stands for any environment.
  if (audience === '00000007-0000-0000-c000-000000000000') return undefined
  if (hostOf(audience) === hostOf(resource)) return undefined
  return new ConnectError('audience_mismatch', {
    what: 'The token is meant for another address than the environment.',
    why: `It says ${audience}, the environment demands ${resource}.`,
    remedy:
      'Correct the Base URL, or the resource in the authorization endpoint, and authenticate again.',
    facts: { audience, resource },
  })
}

function hostOf(address: string): string {
  return URL.canParse(address)
    ? new URL(address).host.replace(/^([^.]+)\.api\.(crm)/, '$1.$2')
    : address
}

function faultOfTenant({ tenantId }: TokenClaims, discovery: Discovery): ConnectError | undefined {
  if (tenantId === undefined || tenantId === discovery.tenantId) return undefined
  return new ConnectError('tenant_mismatch', {
    what: 'The token comes from another directory than the environment belongs to.',
    why: `It was given by ${tenantId}, the environment belongs to ${discovery.tenantId}.`,
    remedy: `Make both endpoints of the Auth Client name ${discovery.tenantId}, and authenticate again with a user of it.`,
    facts: { tenantId, expected: discovery.tenantId },
  })
}

function faultOfTime({ expiresAt }: TokenClaims, now: number): ConnectError | undefined {
  if (expiresAt === undefined || expiresAt > now) return undefined
  return new ConnectError('token_expired', {
    what: 'The token has expired already.',
    why: `It ended at ${toTimestamp(expiresAt)}; the environment's clock says ${toTimestamp(now)}.`,
    remedy:
      'Authenticate again; if it comes back, let this machine set its clock from a time server.',
    facts: { expiresAt: toTimestamp(expiresAt) },
  })
}

const DOUBTFUL_MS = 30_000
const BROKEN_MS = 300_000

/** The last stage: its evidence comes from the first answer. */
export const clockStage: Stage<Examination> = {
  name: 'clock',
  title: 'Clock',
  checked: "Whether this machine's clock agrees with the environment's.",
  needs: ['reach'],
  run: checkClock,
}

async function checkClock({ found }: Examination): Promise<Finding> {
  if (found.clockAheadMs === undefined) return { evidence: { told: false } }
  // Without the 0, a clock that is a little behind would be -0 seconds ahead.
  const seconds = Math.round(found.clockAheadMs / 1000) + 0
  const off = Math.abs(found.clockAheadMs)
  if (off < DOUBTFUL_MS) return { evidence: { aheadSeconds: seconds } }
  const fault = new ConnectError('clock_skewed', {
    what: `This machine's clock is ${Math.abs(seconds)} seconds ${seconds < 0 ? 'behind' : 'ahead'}.`,
    why: 'Tokens and signed proofs are good for minutes only: a wrong clock uses them too early or too late.',
    remedy: 'Let the machine that runs Fairlead set its clock from a time server (NTP).',
    who: 'operator',
    facts: { aheadSeconds: seconds },
  })
  if (off >= BROKEN_MS) throw fault
  return { evidence: { aheadSeconds: seconds }, doubt: explanationOf(fault) }
}
