import assert from 'node:assert/strict'
import { test } from 'node:test'
import { searchOptions } from './search-options.ts'

const options = [
  { value: 'new_accountant', label: 'Buchhalter (new_accountant)' },
  { value: 'new_subaccount', label: 'Subaccount (new_subaccount)' },
  { value: 'msdyn_account', label: 'Key Account Plan (msdyn_account)' },
  { value: 'accountleads', label: 'Account Lead (accountleads)' },
  { value: 'account', label: 'Account (account)' },
  { value: 'new_muell', label: 'Müllabfuhr (new_muell)' },
  { value: 'new_loodz', label: 'Łódź (new_loodz)' },
]
const found = (search: string, limit = 10) =>
  searchOptions(options, { search, limit }).map(({ value }) => value)

test('what is called so comes first, then what begins so, then words that do, then what holds it', () => {
  assert.deepEqual(found('account'), [
    'account',
    'accountleads',
    'new_accountant',
    'msdyn_account',
    'new_subaccount',
  ])
  assert.deepEqual(found('account', 2), ['account', 'accountleads'])
})

test('case and accents do not matter, on either side', () => {
  for (const search of ['MULLAB', 'müllab', 'müllab', ' MÜLLAB '])
    assert.deepEqual(found(search), ['new_muell'], search)
  assert.deepEqual(found('łodz'), ['new_loodz'])
})

test('several words are found in any order', () => {
  assert.deepEqual(found('plan key'), ['msdyn_account'])
  assert.deepEqual(found('plan lead'), [])
})

test('nothing typed lists all in their order', () => {
  assert.deepEqual(
    found(''),
    options.map(({ value }) => value),
  )
})
