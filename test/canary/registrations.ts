import { generateKeyPairSync } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exportJWK, SignJWT } from 'jose'
import type { HubClient } from '../../src/http/client/index.ts'
import { certificatePath } from '../support/local-server.ts'
import { fresh, type Life } from './life.ts'

/** The Auth Clients of a life, by how they prove themselves. */
export interface Registrations {
  readonly secret: string
  readonly appSecret: string
  readonly wrongSecret: string
  readonly certificate: string
  readonly federated: string
  readonly device: string
}

/** Registers an app of each kind at the sandbox, and stores it at the hub. */
export async function register(life: Life, client: HubClient): Promise<Registrations> {
  const { secrets, sandbox } = life
  const { clientId, clientSecret } = sandbox.description
  const add = async (body: Record<string, unknown>) => {
    const { authClient } = await client.call('createAuthClient', {
      body: { name: fresh(), clientId, ...endpoints(life), ...body },
    })
    return authClient.id
  }
  const secret = await add({ clientSecret })
  const second = secrets.add('client secret', fresh())
  await client.call('addSecret', { params: { id: secret }, body: { clientSecret: second } })
  await client.call('testAuthClient', { params: { id: secret }, body: { slot: 'next' } })
  await client.call('testAuthClient', { params: { id: secret }, body: { slot: 'current' } })
  await client.call('removeNextSecret', { params: { id: secret } })
  const wrong = secrets.add('client secret', fresh())
  return {
    secret,
    appSecret: await add({ clientSecret }),
    wrongSecret: await add({ clientSecret: wrong }),
    certificate: await byCertificate(life, add),
    federated: await byFederation(life, add),
    device: await add({ clientId: sandbox.app('native').clientId, authentication: 'none' }),
  }
}

/** The endpoints of the sandbox's first directory. */
export function endpoints({ sandbox }: Life) {
  const { authority, tenantId } = sandbox.description
  return {
    authorizationEndpoint: `${authority}/${tenantId}/oauth2/v2.0/authorize`,
    tokenEndpoint: `${authority}/${tenantId}/oauth2/v2.0/token`,
  }
}

type Add = (body: Record<string, unknown>) => Promise<string>

async function byCertificate(life: Life, add: Add): Promise<string> {
  const certificatePem = readFileSync(certificatePath('client'), 'utf8')
  const privateKeyPem = readFileSync(certificatePath('client', true), 'utf8')
  life.secrets.addPrivateKey(privateKeyPem)
  const clientId = await newApp(life, { certificate: certificatePem })
  return add({ clientId, authentication: 'certificate', certificatePem, privateKeyPem })
}

async function byFederation(life: Life, add: Add): Promise<string> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const [issuer, subject] = ['https://cluster.example', 'system:serviceaccount:crm:hub']
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' }
  const federatedCredential = { issuer, subject, jwks: { keys: [jwk] } }
  const clientId = await newApp(life, { federatedCredential })
  const assertion = await new SignJWT()
    .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
    .setIssuer(issuer)
    .setSubject(subject)
    .setAudience('api://AzureADTokenExchange')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey)
  const assertionFile = join(life.folder, 'assertion')
  writeFileSync(assertionFile, life.secrets.add('client assertion', assertion))
  return add({ clientId, authentication: 'federated', assertionFile })
}

async function newApp({ sandbox }: Life, body: object): Promise<string> {
  const redirectUris = { web: ['http://localhost:4000/callback/oauth2'] }
  const named = { name: fresh(), secret: false, redirectUris, ...body }
  const app = Object(await sandbox.admin('/apps', 'POST', named))
  const { organizations, tenantId } = sandbox.description
  const member = {
    entraObjectId: app.servicePrincipals[tenantId],
    applicationId: app.clientId,
    name: 'An application',
    roles: ['System Administrator'],
  }
  const [organization] = organizations
  await sandbox.admin(`/organizations/${organization?.uniqueName}/members`, 'POST', member)
  return app.clientId
}
