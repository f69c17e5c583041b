import assert from 'node:assert/strict'
import { test } from 'node:test'
import { normalizeDataverseCode } from './dataverse-code.ts'
import { PLACEHOLDERS } from './entry.ts'
import { CATALOGUE, explainAadsts, explainDataverse, looksLikeSecretId } from './index.ts'

const entries = CATALOGUE.flatMap((chapter) => chapter.entries)

test('every code has one entry', () => {
  const codes = entries.map(({ code }) => code)
  assert.deepEqual(
    codes.filter((code, index) => codes.indexOf(code) !== index),
    [],
  )
  assert.ok(codes.length > 150)
})

test('every code is written in the form of its kind', () => {
  const forms = { entra: /^\d{4,8}$/, dataverse: /^0x8[0-9a-f]{7}$/, oauth: /^[a-z_]+$/ }
  for (const { kind, entries } of CATALOGUE) {
    for (const { code } of entries) assert.match(code, forms[kind])
  }
})

test('every placeholder in a text is one that hints can fill', () => {
  for (const { code, what, why, remedy } of entries) {
    for (const [, name = ''] of `${what} ${why} ${remedy}`.matchAll(/\{(\w+)\}/g)) {
      assert.ok(PLACEHOLDERS.includes(name), `${code}: {${name}}`)
    }
  }
})

test('every text is whole sentences', () => {
  for (const { code, what, why } of entries) {
    assert.match(what, /^[A-Z{].*\.$/, code)
    assert.match(why, /^[A-Z{].*\.$/, code)
  }
})

test('the remedy of a wrong redirect holds the very address to register', () => {
  const redirectUri = 'https://hub.example/callback/oauth2'
  assert.ok(explainAadsts(50011, { redirectUri }).remedy.includes(`exactly: ${redirectUri}`))
})

test('a secret with the form of a GUID is named as the Secret ID', () => {
  assert.ok(looksLikeSecretId(' 6f9619ff-8b86-d011-b42d-00c04fc964ff\n'))
  assert.ok(!looksLikeSecretId('abc8Q~6f9619ff8b86d011b42d00c04fc964ff'))
  const { why } = explainAadsts('7000215', {}, { secretLooksLikeId: true })
  assert.match(why, /"Secret ID"/)
})

test('each wrong form of a resource gets its own reason', () => {
  const why = (resource: string) => explainAadsts(500011, { resource }).why
  assert.match(why('https%3A%2F%2Forg1.crm4.dynamics.com'), /encoded twice/)
  assert.match(why('http://org1.crm4.dynamics.com'), /http instead of https/)
  assert.match(why('https://org1.crm4.dynamics.com/XRMServices/2011'), /goes on after the host/)
  assert.match(why('https://make.powerapps.com'), /Power Apps/)
  assert.match(why('{URL-encoded CRM URL}'), /placeholder/)
  assert.match(why('https://org1.crm4.dynamics.com/'), /mistyped, has been renamed/)
})

test('a Dataverse code is found in hex of any case and as signed or unsigned decimal', () => {
  for (const code of ['0x80072560', '0X80072560', '-2147015328', -2147015328, 2147951968]) {
    assert.equal(explainDataverse(code)?.name, 'UserNotMemberOfOrg')
  }
})

test('an empty, zero or foreign Dataverse code is none', () => {
  for (const code of ['', '0', '0x0', 'Forbidden', '99999999999', '1e9', '0x']) {
    assert.equal(normalizeDataverseCode(code), undefined)
  }
})

test('an unknown number is answered with the number and where to look it up', () => {
  const { what, remedy } = explainAadsts(1234567)
  assert.match(what, /AADSTS1234567/)
  assert.match(remedy, /https:\/\/login\.microsoftonline\.com\/error\?code=1234567/)
  assert.match(explainDataverse('0x8dead000')?.what ?? '', /0x8dead000/)
})
