import { cloudOfLoginHost } from '../transport/index.ts'
import { type EndpointField, titleOf } from './endpoint-text.ts'
import { type EntraPath, isSharedTenant, moveToTenant, readEntraPath } from './entra-path.ts'
import { inputError } from './oauth-error.ts'

type Urls = Readonly<Record<EndpointField, URL | undefined>>

/**
 * Finds what cannot work between endpoints that are each well written.
 *
 * @throws OAuthError `endpoints_swapped`, `endpoints_mixed`, `endpoints_tenants_differ`, `endpoints_clouds_differ`, `endpoint_incomplete`
 */
export function checkPair({ authorization, token, device }: Urls): void {
  if (token === undefined) return
  const tokenPath = readEntraPath(token)
  if (authorization === undefined) {
    if (tokenPath?.kind === 'authorize') throw wrongKind('token', token, 'token')
    return
  }
  const path = readEntraPath(authorization)
  if (path?.kind === 'token' && tokenPath?.kind === 'authorize') throw swapped(authorization, token)
  if (path && path.kind !== 'authorize')
    throw wrongKind('authorization', authorization, 'authorize')
  if (tokenPath && tokenPath.kind !== 'token') throw wrongKind('token', token, 'token')
  if (path === undefined && cloudOfLoginHost(authorization.host)) {
    throw incomplete('authorization', authorization)
  }
  checkClouds(authorization, token)
  if (path === undefined || tokenPath === undefined) return
  if (path.protocol !== tokenPath.protocol) throw mixed(authorization, token, path)
  if (path.tenant !== tokenPath.tenant) throw tenantsDiffer(authorization, token, path, tokenPath)
  if (device && readEntraPath(device)?.kind === 'token')
    throw wrongKind('device', device, 'devicecode')
}

/** A login host without the rest of an endpoint's path. */
export function incomplete(field: EndpointField, url: URL) {
  const kind = field === 'authorization' ? 'authorize' : field === 'device' ? 'devicecode' : 'token'
  const [, tenant = 'common'] = /^\/([^/]+)/.exec(url.pathname) ?? []
  return inputError('endpoint_incomplete', {
    what: `The ${titleOf(field)} is not a complete endpoint of Microsoft's sign-in.`,
    why: `Its path must be /{directory}/oauth2/${kind}, or /{directory}/oauth2/v2.0/${kind}.`,
    remedy: `Write ${url.origin}/${tenant}/oauth2/${kind}, if that is the directory meant.`,
    facts: { field, fix: `${url.origin}/${tenant}/oauth2/${kind}` },
  })
}

function swapped(authorization: URL, token: URL) {
  return inputError('endpoints_swapped', {
    what: 'Authorization Endpoint and Token Endpoint are swapped.',
    why: 'The first ends in /token, the second in /authorize.',
    remedy: 'Exchange the two.',
    facts: {
      field: 'authorization',
      fix: { authorization: token.href, token: authorization.href },
    },
  })
}

function wrongKind(field: EndpointField, url: URL, kind: EntraPath['kind']) {
  const fix = url.href.replace(/\/(authorize|token|devicecode)(\/?(?:[?#].*)?)$/i, `/${kind}$2`)
  return inputError('endpoint_incomplete', {
    what: `The ${titleOf(field)} must end in /${kind}.`,
    why: 'Another endpoint of the same server was entered in its place.',
    remedy: `Write ${fix}`,
    facts: { field, fix },
  })
}

function mixed(authorization: URL, token: URL, path: EntraPath) {
  const fixed = new URL(token)
  fixed.pathname = fixed.pathname.replace(
    /\/oauth2(\/v2\.0)?\/token/i,
    path.protocol === 'v2' ? '/oauth2/v2.0/token' : '/oauth2/token',
  )
  return inputError('endpoints_mixed', {
    what: 'One endpoint is of version 1, the other of version 2.',
    why: 'A sign-in that begins with one version cannot end with the other: one names a resource, the other a scope.',
    remedy: `Use a pair: with this Authorization Endpoint the Token Endpoint is ${fixed.href}`,
    facts: { field: 'token', fix: { authorization: authorization.href, token: fixed.href } },
  })
}

function tenantsDiffer(authorization: URL, token: URL, path: EntraPath, other: EntraPath) {
  const tenant = isSharedTenant(path.tenant) ? other.tenant : path.tenant
  return inputError('endpoints_tenants_differ', {
    what: 'The two endpoints name different directories.',
    why: `The sign-in would begin at "${path.tenant}" and end at "${other.tenant}", which Entra ID refuses (AADSTS700005).`,
    remedy: 'Write the same directory in both endpoints.',
    facts: { field: 'token', fix: moveToTenant({ authorization, token }, tenant) },
  })
}

function checkClouds(authorization: URL, token: URL): void {
  const [first, second] = [cloudOfLoginHost(authorization.host), cloudOfLoginHost(token.host)]
  if (first === undefined || second === undefined || first === second) return
  throw inputError('endpoints_clouds_differ', {
    what: "The two endpoints belong to different clouds of Microsoft's.",
    why: `One is of the ${first.name}, the other of the ${second.name}; neither knows the other's users and apps.`,
    remedy: 'Take both from the cloud in which the app is registered.',
    facts: { field: 'token' },
  })
}
