import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createSample } from './fixtures.ts'

const idOf = (reply: { headers: Readonly<Record<string, unknown>>; text: string }): string => {
  const id = /\(([^)]+)\)$/.exec(String(reply.headers['odata-entityid']))?.[1]
  assert.ok(id, reply.text)
  return id
}

test('example 57: PUT replaces the parties of an activity', async () => {
  const { call, susanna, nancy, user } = await createSample()
  const email = idOf(
    await call('emails', {
      method: 'POST',
      body: {
        subject: 'Hello',
        email_activity_parties: [
          { 'partyid_systemuser@odata.bind': `systemusers(${user})`, participationtypemask: 1 },
        ],
      },
    }),
  )
  const parties = async () =>
    (
      await call(
        `emails(${email})/email_activity_parties?$select=participationtypemask,_partyid_value`,
      )
    ).json.value
  assert.deepEqual(
    (await parties()).map((one: Record<string, unknown>) => one['participationtypemask']),
    [1],
  )
  const replaced = await call(`emails(${email})/email_activity_parties`, {
    method: 'PUT',
    body: {
      value: [
        { 'partyid_contact@odata.bind': `contacts(${susanna})`, participationtypemask: 3 },
        { 'partyid_contact@odata.bind': `contacts(${nancy})`, participationtypemask: 2 },
      ],
    },
  })
  assert.equal(replaced.status, 204, replaced.text)
  assert.deepEqual(
    (await parties()).map((one: Record<string, unknown>) => [
      one['participationtypemask'],
      one['_partyid_value'],
    ]),
    [
      [3, susanna],
      [2, nancy],
    ],
  )
  const wrong = await call(`emails(${email})/email_activity_parties`, {
    method: 'PUT',
    body: { value: [{ participationtypemask: 2 }, { participationtypemask: 99 }] },
  })
  assert.equal(wrong.json.error.code, '0x8004431a')
  assert.equal((await parties()).length, 2)
})

test('every activity is also seen as an activity pointer, which only follows it', async () => {
  const { call, litware } = await createSample()
  const phonecall = idOf(
    await call('phonecalls', {
      method: 'POST',
      body: {
        subject: 'Call back',
        'regardingobjectid_account_phonecall@odata.bind': `/accounts(${litware})`,
      },
    }),
  )
  const seen = async () =>
    (
      await call(
        `accounts(${litware})/Account_ActivityPointers?$select=subject,activitytypecode&$filter=activitytypecode eq 'phonecall'`,
      )
    ).json.value
  assert.deepEqual(
    (await seen()).map((one: Record<string, unknown>) => [one['activityid'], one['subject']]),
    [[phonecall, 'Call back']],
  )
  await call(`phonecalls(${phonecall})`, { method: 'PATCH', body: { subject: 'Called' } })
  assert.equal((await seen())[0].subject, 'Called')
  const direct = await call('activitypointers', { method: 'POST', body: { subject: 'x' } })
  assert.equal(direct.json.error.code, '0x80040800')
  await call(`phonecalls(${phonecall})`, { method: 'DELETE' })
  assert.deepEqual(await seen(), [])
})

test('the navigation properties of activities are inherited, their own come beside them', async () => {
  const { call, litware, tasks } = await createSample()
  for (const name of ['regardingobjectid_account', 'regardingobjectid_account_task']) {
    const { json } = await call(`tasks(${tasks[0]})?$select=subject&$expand=${name}($select=name)`)
    assert.equal(json[name].accountid, litware)
  }
})
