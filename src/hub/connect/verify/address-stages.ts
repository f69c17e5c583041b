import { discover, isSharedTenant, parseCrmAddress, parseEndpoints } from '../../../oauth/index.ts'
import { ConnectError } from '../connect-error.ts'
import { explanationOf } from '../explanation-of.ts'
import { unsupportedVersion } from '../who-am-i.ts'
import { addressOf, type Examination } from './examination.ts'
import type { Finding, Stage } from './stage.ts'

/** What can be found out without a token. */
export const addressStages: readonly Stage<Examination>[] = [
  {
    name: 'address',
    title: 'Address',
    checked: 'Whether the Base URL is the address of a CRM environment, with https.',
    needs: [],
    run: checkAddress,
  },
  {
    name: 'reach',
    title: 'DNS, TLS and reach',
    checked: 'Whether the host is found, allowed, trusted and answers.',
    needs: ['address'],
    run: checkReach,
  },
  {
    name: 'challenge',
    title: 'Challenge and directory',
    checked:
      'What the environment demands of a caller without a token: directory, sign-in host, resource.',
    needs: ['reach'],
    run: checkChallenge,
  },
  {
    name: 'api-version',
    title: 'API version',
    checked: 'Whether the environment serves this version of the Web API.',
    needs: ['reach'],
    run: checkApiVersion,
  },
]

async function checkAddress({ credential }: Examination): Promise<Finding> {
  const { environmentUrl, notes } = parseCrmAddress(credential.baseUrl)
  const { apiVersion } = credential
  if (environmentUrl.origin !== new URL(credential.environmentUrl).origin) {
    throw new ConnectError('address_unreadable', {
      what: 'The Base URL and the stored environment differ.',
      why: `The Base URL stands for ${environmentUrl.origin}, the Credential is kept for ${credential.environmentUrl}.`,
      remedy: 'Enter the Base URL again and authenticate again.',
    })
  }
  return { evidence: { environmentUrl: environmentUrl.origin, apiVersion, notes: [...notes] } }
}

async function checkReach(examination: Examination): Promise<Finding> {
  const { send, clock, signal, found } = examination
  const url = addressOf(examination, '')
  const sent = clock.now()
  const response = await send({ method: 'GET', url, headers: {}, ...(signal && { signal }) })
  const received = clock.now()
  await response.discard()
  const date = Date.parse(response.headers.get('date') ?? '')
  // The header is cut to whole seconds: half of one is added, so that the error is even.
  if (!Number.isNaN(date)) found.clockAheadMs = (sent + received) / 2 - (date + 500)
  return {
    evidence: {
      host: url.host,
      tls: url.protocol === 'https:',
      status: response.status,
      ms: received - sent,
    },
  }
}

async function checkChallenge(examination: Examination): Promise<Finding> {
  const { authClient, credential, send, clock, signal, trustedLoginOrigins, found } = examination
  const discovery = await discover(credential.environmentUrl, {
    send,
    clock,
    trustedLoginOrigins,
    ...(signal && { signal }),
  })
  found.discovery = discovery
  const evidence = {
    tenantId: discovery.tenantId,
    authority: discovery.authority,
    resource: discovery.resource,
  }
  const { tenant } = parseEndpoints({
    authorization: authClient.authorizationEndpoint,
    token: authClient.tokenEndpoint,
  })
  const named = tenant?.toLowerCase()
  const isId = named !== undefined && /^[0-9a-f-]{36}$/.test(named)
  if (!isId || isSharedTenant(named) || named === discovery.tenantId) return { evidence }
  return { evidence: { ...evidence, endpointsTenant: named }, doubt: explanationOf(foreign()) }

  function foreign() {
    return new ConnectError('tenant_mismatch', {
      what: "The Auth Client's endpoints name another directory than the environment's.",
      why: `The environment belongs to ${discovery.tenantId}, the endpoints name ${named}. This works for guests of the environment's directory only.`,
      remedy: `Replace the directory in both endpoints by ${discovery.tenantId}, unless this is meant.`,
    })
  }
}

async function checkApiVersion(examination: Examination): Promise<Finding> {
  const { send, credential, signal } = examination
  const url = addressOf(examination, `${credential.apiVersion}/WhoAmI`)
  const response = await send({ method: 'GET', url, headers: {}, ...(signal && { signal }) })
  await response.discard()
  const { status } = response
  if (status === 404 || status === 400) throw unsupportedVersion(credential)
  return { evidence: { apiVersion: credential.apiVersion, status } }
}
