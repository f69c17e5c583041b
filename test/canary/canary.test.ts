import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { arrive } from './arrive.ts'
import { exceptions } from './exceptions.ts'
import { formsOf } from './forms.ts'
import { startHubProcess } from './hub-process.ts'
import { type Life, startLife } from './life.ts'
import { type Leak, Material } from './material.ts'
import { operate } from './operator.ts'
import { register } from './registrations.ts'
import { PIECE, SecretSearch } from './secret-search.ts'
import { newCredential, signIns } from './sign-ins.ts'
import { uses } from './uses.ts'

const life = await startLife()
after(() => life[Symbol.asyncDispose]())

const key = await arrive(life)
const client = life.client(key)
const registrations = await register(life, client)
const credential = await signIns(life, client, registrations)
await uses(life, client, registrations, credential)
await operate(life, client, key, registrations)
await life.end()
const leakyOutput = await leak(life, registrations.secret)

const { material, secrets } = life
const search = new SecretSearch(secrets.values())

test('the run had secrets of every kind', () => {
  const atLeast = {
    'access token': 10,
    'API key': 1,
    'authorization code': 5,
    'client assertion': 2,
    'client secret': 5,
    'database password': 1,
    'device code': 1,
    'encryption key': 2,
    'fairlead-flow': 5,
    fairlead_session: 2,
    'hook key': 2,
    'id token': 1,
    password: 1,
    'PKCE verifier': 4,
    'private key': 6,
    'refresh token': 5,
    'set-up token': 2,
    state: 5,
    ticket: 5,
  }
  const counts = secrets.counts()
  for (const [kind, count] of Object.entries(atLeast))
    assert.ok((counts[kind] ?? 0) >= count, `${kind}: ${counts[kind]} of ${count}`)
})

test('everything that the hub gives out was looked at', () => {
  const wanted = [
    /^serve stderr$/,
    /^verify Again stdout$/,
    /^GET \/callback\/oauth2\/result\/\S+ body$/,
    /^POST \S+\/verifications body$/,
    /^file postgres\/data\/base\//,
    /^file postgres\/data\/pg_wal\//,
    /^file postgres\/server\.log$/,
    /^table credential_tokens$/,
    ...exceptions.map(({ place }) => place),
  ]
  for (const place of wanted)
    assert.ok(
      material.places.some((each) => place.test(each)),
      String(place),
    )
})

test('no secret of the run is in anything that the hub gave out', () => {
  assert.deepEqual(told(material.search(search, exceptions)), [])
})

test('every exception is needed', () => {
  for (const exception of exceptions) {
    const others = exceptions.filter((each) => each !== exception)
    const there = material.among(exception.place)
    assert.notEqual(there.search(search, others).length, 0, exception.why)
  }
})

test('a secret of each kind would be found in each form, and a piece of it too', () => {
  const oneOfEach = new Map(secrets.values().map(({ kind, value }) => [kind, value]))
  for (const [kind, value] of oneOfEach)
    for (const [form, bytes] of formsOf(value)) {
      const at = Math.floor(Math.random() * (bytes.length - PIECE))
      for (const planted of [bytes, bytes.subarray(at, at + PIECE)]) {
        const log = new Material()
        log.add('log', Buffer.concat([Buffer.from('{"note":"'), planted, Buffer.from('"}')]))
        assert.notEqual(log.search(search, exceptions).length, 0, `${kind} ${form} ${at}`)
      }
    }
})

test('a hub that logs twelve characters of a token is found out', () => {
  const log = new Material()
  log.add('serve stderr', leakyOutput)
  assert.deepEqual(told(log.search(search, exceptions)), ['access token as clear in serve stderr'])
})

// The same hub again, but with a line of code in it that should not be there.
async function leak({ environment }: Life, authClientId: string): Promise<string> {
  const hub = await startHubProcess(environment, [join(import.meta.dirname, 'leaky-hub.ts')])
  try {
    const leaky = life.client(key, { url: hub.url, fetch })
    const id = await newCredential(life, leaky, authClientId, 'app')
    await leaky.call('startFlow', { params: { id }, body: { kind: 'app' } })
  } finally {
    await hub.close()
  }
  return hub.stderr()
}

function told(leaks: readonly Leak[]): readonly string[] {
  return [...new Set(leaks.map(({ kind, form, place }) => `${kind} as ${form} in ${place}`))]
}
