import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskKeys } from './mask-keys.ts'

test('keys of rows are left out of a path, and nothing else is', () => {
  const paths = {
    '/api/data/v9.2/accounts': '/api/data/v9.2/accounts',
    '/accounts(1)/contacts(2)/$ref': '/accounts(…)/contacts(…)/$ref',
    '/WhoAmI()': '/WhoAmI()',
    "/contacts(emailaddress1='a@b')": '/contacts(…)',
    "/accounts(name='a(b)%20c')/primarycontactid": '/accounts(…)/primarycontactid',
    "/accounts(name='a/b%2Fc')/x": '/accounts(…)/x',
    "/accounts(name='O''Brien')": '/accounts(…)',
    '/accounts%28name=%27x%27%29': '/accounts(…)',
    "/accounts(name='unfinished": '/accounts(…)',
    '/accounts(unfinished': '/accounts(…)',
    '/%E0%A4%A(secret)': '/%E0%A4%A(…)',
  }
  const masked = Object.keys(paths).map((path) => [path, maskKeys(path)])
  assert.deepEqual(Object.fromEntries(masked), paths)
})
