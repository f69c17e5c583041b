import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type EndpointsInput, parseEndpoints } from './endpoints.ts'
import { OAuthError } from './oauth-error.ts'

const LOGIN = 'https://login.windows.net'
const GUIDE = {
  authorization: `${LOGIN}/common/oauth2/authorize?resource=https%3A%2F%2Forgfb974624.crm4.dynamics.com%2F`,
  token: `${LOGIN}/common/oauth2/token`,
}
const V2 = {
  authorization: 'https://login.microsoftonline.com/contoso.example/oauth2/v2.0/authorize',
  token: 'https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token',
}

const warningsOf = (input: EndpointsInput) => parseEndpoints(input).warnings.map(({ code }) => code)

test("the guide's endpoints are taken byte for byte", () => {
  const parsed = parseEndpoints(GUIDE)
  assert.equal(parsed.authorization?.href, GUIDE.authorization)
  assert.equal(parsed.token.href, GUIDE.token)
  const { protocol, tenant, resource, warnings, cloud } = parsed
  assert.deepEqual(
    { protocol, tenant, resource, warnings, cloud: cloud?.id },
    {
      protocol: 'v1',
      tenant: 'common',
      resource: 'https://orgfb974624.crm4.dynamics.com/',
      warnings: [],
      cloud: 'public',
    },
  )
})

test('the path tells version 2, AD FS, and any other server apart', () => {
  assert.equal(parseEndpoints(V2).protocol, 'v2')
  const adfs = parseEndpoints({ token: 'https://sts.example.org/adfs/oauth2/token' })
  assert.deepEqual([adfs.protocol, adfs.tenant], ['v1', undefined])
  const other = parseEndpoints({
    token: 'https://id.example.org/token',
    device: 'https://id.example.org/device',
  })
  assert.deepEqual(
    [other.protocol, other.tenant, other.device?.pathname],
    ['generic', undefined, '/device'],
  )
})

const errors: Readonly<
  Record<string, readonly [input: EndpointsInput, code: string, field: string]>
> = {
  'empty token endpoint': [{ token: ' \n' }, 'endpoint_missing', 'token'],
  'no address': [
    { token: 'login.windows.net/common/oauth2/token' },
    'endpoint_unreadable',
    'token',
  ],
  'another scheme': [{ token: 'ftp://login.windows.net/x' }, 'endpoint_unreadable', 'token'],
  'a user name': [
    { token: 'https://me:pw@login.windows.net/c/oauth2/token' },
    'endpoint_unreadable',
    'token',
  ],
  'plain http': [
    { token: 'http://login.windows.net/common/oauth2/token' },
    'endpoint_insecure',
    'token',
  ],
  'a placeholder': [{ token: `${LOGIN}/{tenant}/oauth2/token` }, 'endpoint_placeholder', 'token'],
  'a placeholder in brackets': [
    { ...GUIDE, authorization: `${LOGIN}/<tenant-id>/oauth2/authorize` },
    'endpoint_placeholder',
    'authorization',
  ],
  'a placeholder in words': [
    { token: `${LOGIN}/YOUR_TENANT_ID/oauth2/token` },
    'endpoint_placeholder',
    'token',
  ],
  swapped: [
    { authorization: GUIDE.token, token: GUIDE.authorization },
    'endpoints_swapped',
    'authorization',
  ],
  'version 1 and 2': [
    { authorization: GUIDE.authorization, token: `${LOGIN}/common/oauth2/v2.0/token` },
    'endpoints_mixed',
    'token',
  ],
  'two directories': [
    { authorization: GUIDE.authorization, token: `${LOGIN}/contoso.example/oauth2/token` },
    'endpoints_tenants_differ',
    'token',
  ],
  'two clouds': [
    { ...GUIDE, token: 'https://login.microsoftonline.us/common/oauth2/token' },
    'endpoints_clouds_differ',
    'token',
  ],
  'a bare login host': [{ token: LOGIN }, 'endpoint_incomplete', 'token'],
  'token twice': [
    { authorization: GUIDE.token, token: GUIDE.token },
    'endpoint_incomplete',
    'authorization',
  ],
  'authorize twice': [
    { authorization: GUIDE.authorization, token: GUIDE.authorization },
    'endpoint_incomplete',
    'token',
  ],
  'authorize alone': [{ token: GUIDE.authorization }, 'endpoint_incomplete', 'token'],
}

for (const [name, [input, code, field]] of Object.entries(errors)) {
  test(`${name}: ${code}, naming the field`, () => {
    assert.throws(
      () => parseEndpoints(input),
      (error) =>
        error instanceof OAuthError && error.code === code && error.facts['field'] === field,
    )
  })
}

test('the fix that an error offers is itself accepted', () => {
  for (const [input] of Object.values(errors)) {
    try {
      parseEndpoints(input)
    } catch (error) {
      assert.ok(error instanceof OAuthError)
      const { fix, field } = error.facts
      if (fix === undefined) continue
      const fixed = typeof fix === 'string' ? { [String(field)]: fix } : { ...Object(fix) }
      assert.doesNotThrow(() => parseEndpoints({ ...input, ...fixed }), JSON.stringify(fix))
    }
  }
})

test('plain http is fine on this machine', () => {
  assert.equal(parseEndpoints({ token: 'http://127.0.0.1:8080/t/oauth2/token' }).protocol, 'v1')
})

test('blanks, line breaks and invisible characters are taken out, with a word about it', () => {
  const token = `\u200b${LOGIN}/common/ oauth2/\ntoken `
  const parsed = parseEndpoints({ token })
  assert.equal(parsed.token.href, GUIDE.token)
  assert.deepEqual(warningsOf({ token }), ['characters_removed'])
  assert.deepEqual(warningsOf({ token: ` ${GUIDE.token}\n` }), [])
})

test("an old sign-in's parameters go, the rest of the query stays byte for byte", () => {
  const authorization = `${LOGIN}/common/oauth2/authorize?client_id=a&domain_hint=b%20c&state=x&Resource=Y&redirect_uri=z#frag`
  const parsed = parseEndpoints({ ...GUIDE, authorization })
  assert.equal(parsed.authorization?.search, '?domain_hint=b%20c&Resource=Y')
  assert.deepEqual(
    parsed.warnings.map(({ code }) => code),
    ['parameters_removed'],
  )
})

const resources: readonly (readonly [
  query: string,
  warning: string | undefined,
  resource: string | undefined,
])[] = [
  ['', undefined, undefined],
  ['?resource=https%3A%2F%2Forg1.crm4.dynamics.com', undefined, 'https://org1.crm4.dynamics.com'],
  ['?resource=https://org1.crm4.dynamics.com/', undefined, 'https://org1.crm4.dynamics.com/'],
  [
    '?resource=https%253A%252F%252Forg1.crm4.dynamics.com%252F',
    'resource_double_encoded',
    'https://org1.crm4.dynamics.com/',
  ],
  [
    '?resource=https%3A%2F%2Forg1.crm4.dynamics.com%2FXRMServices',
    'resource_has_path',
    'https://org1.crm4.dynamics.com/XRMServices',
  ],
  [
    '?resource=http%3A%2F%2Forg1.crm4.dynamics.com',
    'resource_insecure',
    'http://org1.crm4.dynamics.com',
  ],
  ['?resource={URL-encoded CRM URL}', 'resource_placeholder', undefined],
]

for (const [query, warning, resource] of resources) {
  test(`resource ${query || 'absent'}: ${warning ?? 'no warning'}`, () => {
    const input = { ...GUIDE, authorization: `${LOGIN}/common/oauth2/authorize${query}` }
    assert.equal(parseEndpoints(input).resource, resource)
    const codes = warningsOf(input).filter((code) => code !== 'characters_removed')
    assert.deepEqual(codes, warning === undefined ? [] : [warning])
  })
}

test('a resource on version 2 is taken out', () => {
  const authorization = `${V2.authorization}?resource=https%3A%2F%2Forg1.crm4.dynamics.com&prompt=login`
  const parsed = parseEndpoints({ ...V2, authorization })
  assert.equal(parsed.authorization?.search, '?prompt=login')
  assert.deepEqual(
    parsed.warnings.map(({ code }) => code),
    ['resource_on_v2'],
  )
})

test('a resource of another environment is noticed', () => {
  const environmentUrl = 'https://org2.crm4.dynamics.com'
  assert.deepEqual(warningsOf({ ...GUIDE, environmentUrl }), ['resource_differs'])
  const same = 'https://orgfb974624.crm4.dynamics.com'
  assert.deepEqual(warningsOf({ ...GUIDE, environmentUrl: same }), [])
})

test('whatever is pasted, only coded errors come of it', () => {
  const piece = fc.oneof(
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
    fc.string({ unit: 'binary' }),
    fc.constantFrom(GUIDE.authorization, GUIDE.token, V2.token, '%', '?resource=', '%25', '{x}'),
  )
  const text = fc.array(piece, { maxLength: 3 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(text, text, (authorization, token) => {
      try {
        const parsed = parseEndpoints({ authorization, token })
        const { warnings } = parseEndpoints({
          token: parsed.token.href,
          ...(parsed.authorization && { authorization: parsed.authorization.href }),
        })
        assert.deepEqual(
          warnings.filter(({ code }) => /removed|v2/.test(code)),
          [],
        )
      } catch (error) {
        if (!(error instanceof OAuthError)) throw error
      }
    }),
    { numRuns: 300 },
  )
})
