import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changeSet, lines, part, plain, sendBatch } from './batch-text.ts'
import { API, createSample } from './fixtures.ts'

const PART = ['Content-Type: application/http', 'Content-Transfer-Encoding: binary']
const LONG = `Subject is too long ${'x'.repeat(200)}`
const TOO_LONG =
  '{"error":{"code":"0x80044331","message":"A validation error occurred.  The length of the \'subject\' attribute of the \'task\' entity exceeded the maximum allowed length of \'200\'."}}'

function newTask(account: string, subject: string): Record<string, string> {
  return { subject, 'regardingobjectid_account_task@odata.bind': `accounts(${account})` }
}

test('example 58: three creates and a query, answered in their order', async () => {
  const sample = await createSample()
  const { adventure } = sample
  const create = (number: number) =>
    part('batch_1', 'POST /api/data/v9.2/tasks', newTask(adventure, `Task ${number} in batch`))
  const reply = await sendBatch(sample, [
    create(1),
    create(2),
    create(3),
    part('batch_1', `GET /api/data/v9.2/accounts(${adventure})/Account_Tasks?$select=subject`),
  ])
  assert.equal(reply.status, 200)
  assert.equal(reply.headers['odata-version'], '4.0')
  const boundary = /^multipart\/mixed; boundary=(batchresponse_[0-9a-f-]{36})$/.exec(
    String(reply.headers['content-type']),
  )?.[1]
  assert.ok(boundary)
  const created = (id: number) =>
    lines(
      '--batchresponse_<id 1>',
      ...PART,
      '',
      'HTTP/1.1 204 No Content',
      'OData-Version: 4.0',
      `Location: ${API}/tasks(<id ${id}>)`,
      `OData-EntityId: ${API}/tasks(<id ${id}>)`,
      '',
      '',
    )
  const row = (number: number) =>
    `{"@odata.etag":"W/\\"<version>\\"","subject":"Task ${number} in batch","activityid":"<id ${number + 1}>"}`
  const listed = lines(
    '--batchresponse_<id 1>',
    ...PART,
    '',
    'HTTP/1.1 200 OK',
    'Content-Type: application/json; odata.metadata=minimal; odata.streaming=true',
    'OData-Version: 4.0',
    '',
    `{"@odata.context":"${API}/$metadata#tasks(subject)","value":[${row(1)},${row(2)},${row(3)}]}`,
    '--batchresponse_<id 1>--',
  )
  assert.equal(plain(reply.text), created(2) + created(3) + created(4) + listed)
})

test('example 59: a change set is answered as one part with its Content-IDs', async () => {
  const sample = await createSample()
  const { adventure } = sample
  const create = (number: number) =>
    ['POST /api/data/v9.2/tasks', newTask(adventure, `Task ${number} in batch`)] as const
  const reply = await sendBatch(sample, [
    changeSet('batch_1', [create(1), create(2), create(3)]),
    part('batch_1', `GET /api/data/v9.2/accounts(${adventure})/Account_Tasks?$select=subject`),
  ])
  assert.equal(reply.status, 200)
  const created = (number: number) =>
    lines(
      '--changesetresponse_<id 2>',
      ...PART,
      `Content-ID: ${number}`,
      '',
      'HTTP/1.1 204 No Content',
      'OData-Version: 4.0',
      `Location: ${API}/tasks(<id ${number + 2}>)`,
      `OData-EntityId: ${API}/tasks(<id ${number + 2}>)`,
      '',
      '',
    )
  const expected =
    lines(
      '--batchresponse_<id 1>',
      'Content-Type: multipart/mixed; boundary=changesetresponse_<id 2>',
      '',
    ) +
    created(1) +
    created(2) +
    created(3) +
    lines('--changesetresponse_<id 2>--', '--batchresponse_<id 1>', ...PART, '', 'HTTP/1.1 200 OK')
  assert.ok(plain(reply.text).startsWith(expected), plain(reply.text))
  assert.match(reply.text, /Task 1 in batch.*Task 2 in batch.*Task 3 in batch/)
})

test('example 60: a body refers to rows made earlier in the change set', async () => {
  const sample = await createSample()
  const reply = await sendBatch(sample, [
    changeSet('batch_1', [
      [`POST ${API}/leads`, { firstname: 'first name', lastname: 'last name' }],
      [`POST ${API}/contacts`, { firstname: 'first name' }],
      [
        `POST ${API}/accounts`,
        {
          name: 'IcM Account',
          'originatingleadid@odata.bind': '$1',
          'primarycontactid@odata.bind': '$2',
        },
      ],
    ]),
  ])
  assert.equal(reply.status, 200)
  const [lead, contact, account] = entityIds(reply.text)
  const { json } = await sample.call(
    `${account}?$select=name,_originatingleadid_value,_primarycontactid_value`,
  )
  assert.equal(json.name, 'IcM Account')
  assert.ok(lead?.includes(json._originatingleadid_value))
  assert.ok(contact?.includes(json._primarycontactid_value))
})

test('example 60: a request line refers to a row', async () => {
  const sample = await createSample()
  const reply = await sendBatch(sample, [
    changeSet('batch_1', [
      [`POST ${API}/contacts`, { firstname: 'First Name', lastname: 'Last name' }],
      ['PUT $1/lastname', { value: 'BBBBB' }],
    ]),
  ])
  assert.equal(reply.status, 200)
  const [contact] = entityIds(reply.text)
  assert.equal((await sample.call(`${contact}?$select=lastname`)).json.lastname, 'BBBBB')
  const second = lines('Content-ID: 2', '', 'HTTP/1.1 204 No Content', 'OData-Version: 4.0', '', '')
  assert.ok(reply.text.includes(second), reply.text)
})

test('example 60: request line and @odata.id refer to rows', async () => {
  const sample = await createSample()
  const reply = await sendBatch(sample, [
    changeSet('batch_1', [
      [`POST ${API}/accounts`, { name: 'Account Name' }],
      [`POST ${API}/contacts`, { firstname: 'Contact first name' }],
      ['PUT $1/primarycontactid/$ref', { '@odata.id': '$2' }],
    ]),
  ])
  const [account, contact] = entityIds(reply.text)
  const { json } = await sample.call(`${account}?$select=_primarycontactid_value`)
  assert.ok(contact?.includes(json._primarycontactid_value))
})

test('example 60: a PATCH of a reference is answered with the row’s own address', async () => {
  const sample = await createSample()
  const reply = await sendBatch(sample, [
    changeSet('batch_1', [
      [`POST ${API}/accounts`, { name: 'Account name' }],
      [`POST ${API}/contacts`, { firstname: 'Contact first name' }],
      ['PATCH $1', { 'primarycontactid@odata.bind': '$2' }],
    ]),
  ])
  const [account, contact, patched] = entityIds(reply.text)
  assert.equal(patched, account)
  const { json } = await sample.call(`${account}?$select=_primarycontactid_value`)
  assert.ok(contact?.includes(json._primarycontactid_value))
})

test('example 61: a reference to a later request is refused', async () => {
  const sample = await createSample()
  const boundary = 'changeset_BBB456'
  const reply = await sendBatch(sample, [
    lines('--batch_1', `Content-Type: multipart/mixed; boundary=${boundary}`, ''),
    part(
      boundary,
      `POST ${API}/phonecalls`,
      { phonenumber: '911', 'regardingobjectid_account_phonecall@odata.bind': '$1' },
      { contentId: '2' },
    ),
    part(boundary, `POST ${API}/accounts`, { name: 'QQQQ', revenue: 1.5 }, { contentId: '1' }),
    lines(`--${boundary}--`),
  ])
  assert.equal(reply.status, 400)
  assert.ok(
    reply.text.includes("Content-ID Reference: '$1' does not exist in the batch context."),
    reply.text,
  )
  const { json } = await sample.call("accounts?$select=name&$filter=name eq 'QQQQ'")
  assert.deepEqual(json.value, [])
})

test('example 62: the first error stops the batch and is its status', async () => {
  const sample = await createSample()
  const { adventure } = sample
  const create = (subject: string) =>
    part('batch_1', 'POST /api/data/v9.2/tasks', newTask(adventure, subject))
  const batch = [create(LONG), create('Task 2 in batch'), create('Task 3 in batch')]
  const reply = await sendBatch(sample, batch)
  assert.equal(reply.status, 400)
  const failed = lines(
    '--batchresponse_<id 1>',
    ...PART,
    '',
    'HTTP/1.1 400 Bad Request',
    'REQ_ID: <id 2>',
    'Content-Type: application/json; odata.metadata=minimal',
    'OData-Version: 4.0',
    '',
    TOO_LONG,
  )
  assert.equal(plain(reply.text), `${failed}--batchresponse_<id 1>--\r\n`)
  const { json } = await sample.call(`accounts(${adventure})/Account_Tasks?$select=subject`)
  assert.deepEqual(json.value, [])
})

test('example 62: with continue-on-error the batch succeeds and holds the error', async () => {
  const sample = await createSample()
  const { adventure } = sample
  const create = (subject: string) =>
    part('batch_1', 'POST /api/data/v9.2/tasks', newTask(adventure, subject))
  const reply = await sendBatch(
    sample,
    [create(LONG), create('Task 2 in batch'), create('Task 3 in batch')],
    { prefer: 'odata.continue-on-error' },
  )
  assert.equal(reply.status, 200)
  assert.deepEqual(statuses(reply.text), [400, 204, 204])
  assert.ok(reply.text.includes(TOO_LONG))
})

test('example 63: a last line without its end makes the last request unreadable', async () => {
  const sample = await createSample()
  const reply = await sample.call('$batch', {
    method: 'POST',
    headers: { 'content-type': 'multipart/mixed; boundary=batch_1' },
    body: `${part('batch_1', 'POST /api/data/v9.2/accounts', { name: 'Unread' })}--batch_1--`,
  })
  assert.equal(reply.status, 400)
  assert.match(
    reply.text,
    /HTTP\/1\.1 400 Bad Request\r\nREQ_ID: [0-9a-f-]{36}\r\nContent-Type: application\/json; odata\.metadata=minimal\r\nOData-Version: 4\.0\r\n\r\n\{"error":\{"code":"0x80048d19","message":"Error identified in Payload provided by the user for Entity :'accounts', For more information on this error please follow this help link https:\/\/go\.microsoft\.com\/fwlink\/\?linkid=2195293 {2}----> {2}InnerException : System\.ArgumentException: Stream was not readable\./,
  )
})

test('example 63: other line endings are read only with two of them at the end', async () => {
  const sample = await createSample()
  const send = (end: string) =>
    sample.call('$batch', {
      method: 'POST',
      headers: { 'content-type': 'multipart/mixed; boundary=batch_1' },
      body: `${part('batch_1', 'POST /api/data/v9.2/accounts', { name: 'Soft' })}--batch_1--`
        .replaceAll('\r\n', '\n')
        .concat(end),
    })
  const one = await send('\n')
  assert.equal(one.status, 400)
  assert.match(one.text, /"0x80048d19".*Stream was not readable\./)
  const two = await send('\n\n')
  assert.deepEqual([two.status, statuses(two.text)], [200, [204]])
})

function statuses(text: string): number[] {
  return [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status))
}

function entityIds(text: string): string[] {
  return [...text.matchAll(/^OData-EntityId: (.*)\r$/gm)].map(([, address]) => String(address))
}
