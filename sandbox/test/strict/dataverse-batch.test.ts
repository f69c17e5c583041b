import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { changeSet, lines, part, sendBatch } from '../conformance/batch-text.ts'
import { createRig, type Reply, type Rig } from '../dataverse/rig.ts'

const CREATE = part('batch_1', 'POST accounts', { name: 'Planted' })
const END = '--batch_1--\r\n'
const TYPE = 'multipart/mixed; boundary=batch_1'

/** What clients get wrong: each is refused, and nothing of it is done. */
const MALFORMED: readonly {
  readonly what: string
  readonly body: string
  readonly type?: string
  readonly message: RegExp
}[] = [
  { what: 'JSON', body: '{}', type: 'application/json', message: /multipart\/mixed/ },
  {
    what: 'another multipart',
    body: CREATE + END,
    type: 'multipart/form-data; boundary=batch_1',
    message: /must have 'multipart\/mixed'/,
  },
  {
    what: 'no boundary',
    body: CREATE + END,
    type: 'multipart/mixed',
    message: /must have a boundary specification/,
  },
  {
    what: 'another boundary in the body than in the header',
    body: CREATE + END,
    type: 'multipart/mixed; boundary=batch_2',
    message: /unexpected end of input/,
  },
  { what: 'no closing delimiter', body: CREATE, message: /unexpected end of input/ },
  { what: 'an empty body', body: '', message: /unexpected end of input/ },
  {
    what: 'a part without type',
    body: CREATE.replace('Content-Type: application/http\r\n', '') + END,
    message: /'Content-Type' header is missing/,
  },
  {
    what: 'a part of another type',
    body: CREATE.replace('application/http', 'application/json') + END,
    message: /'application\/json' is invalid/,
  },
  {
    what: 'a part without transfer encoding',
    body: CREATE.replace('Content-Transfer-Encoding: binary\r\n', '') + END,
    message: /'Content-Transfer-Encoding' header was found/,
  },
  {
    what: 'a part in base64',
    body: CREATE.replace('binary', 'base64') + END,
    message: /its value must be 'binary'/,
  },
  {
    what: 'a header that is none',
    body: CREATE.replace('Content-Transfer-Encoding: binary', 'binary') + END,
    message: /The message header 'binary' is invalid/,
  },
  {
    what: 'a header given twice',
    body:
      CREATE.replace(
        'Content-Type: application/http',
        'Content-Type: application/http\r\nContent-Type: application/http',
      ) + END,
    message: /specified multiple times/,
  },
  {
    what: 'no empty line after a request line',
    body: `${lines('--batch_1', 'Content-Type: application/http', 'Content-Transfer-Encoding: binary', '', 'GET accounts HTTP/1.1')}${END}`,
    message: /The message header '--batch_1' is invalid/,
  },
  {
    what: 'a request line without version',
    body: CREATE.replace(' HTTP/1.1', '') + END,
    message: /The request line 'POST accounts' is invalid/,
  },
  {
    what: 'HTTP/2 in a request line',
    body: CREATE.replace('HTTP/1.1', 'HTTP/2') + END,
    message: /'HTTP\/2' used in a batch operation/,
  },
  {
    what: 'a longer Content-Length than the body',
    body:
      part('batch_1', 'POST accounts', { name: 'x' }, { headers: ['Content-Length: 900'] }) + END,
    message: /unexpected end of input/,
  },
  {
    what: 'a GET in a change set',
    body: CREATE + changeSet('batch_1', [['GET accounts']]) + END,
    message: /invalid HTTP method 'GET' was detected for a request in a change set/,
  },
  {
    what: 'a change set in a change set',
    body:
      CREATE +
      lines('--batch_1', 'Content-Type: multipart/mixed; boundary=c1', '') +
      changeSet('c1', [['POST accounts', {}]], 'c2') +
      lines('--c1--') +
      END,
    message: /Nested change sets/,
  },
  {
    what: 'a change set without boundary',
    body:
      CREATE +
      changeSet('batch_1', [['POST accounts', {}]]).replace('; boundary=changeset_1', '') +
      END,
    message: /'multipart\/mixed' is invalid/,
  },
  {
    what: 'a change set that does not end',
    body:
      CREATE +
      changeSet('batch_1', [['POST accounts', {}]]).replace('--changeset_1--\r\n', '') +
      END,
    message: /unexpected end of input/,
  },
  {
    what: 'a request of a change set without Content-ID',
    body:
      CREATE + changeSet('batch_1', [['POST accounts', {}]]).replace('Content-ID: 1\r\n', '') + END,
    message: /'Content-ID' was not present/,
  },
  {
    what: 'a Content-ID given twice',
    body:
      CREATE +
      changeSet('batch_1', [
        ['POST accounts', {}],
        ['POST accounts', {}],
      ]).replace('Content-ID: 2', 'Content-ID: 1') +
      END,
    message: /content ID '1' was found more than once/,
  },
  {
    what: '1,001 requests',
    body: CREATE.repeat(1_001) + END,
    message: /too many parts. A maximum number of '1000'/,
  },
]

describe('a malformed batch is refused in plain JSON and does nothing', () => {
  let rig: Rig
  before(() => {
    rig = createRig({ accounts: 1, contacts: 0 })
  })
  for (const { what, body, type = TYPE, message } of MALFORMED) {
    test(what, async () => {
      const headers = { 'content-type': type }
      const reply = await rig.call('$batch', { method: 'POST', headers, body })
      assert.equal(reply.status, 400, reply.text)
      assert.match(reply.json.error.message, message)
      const made = await rig.call("accounts?$select=name&$filter=name eq 'Planted'")
      assert.deepEqual(made.json.value, [])
    })
  }
})

/** What is refused where it stands; what comes before it is done. */
const REFUSED: readonly {
  readonly what: string
  readonly item: string
  readonly status?: number
  readonly message: RegExp
}[] = [
  {
    what: 'a batch in a batch',
    item: part('batch_1', 'POST /api/data/v9.2/$batch', {}),
    message: /cannot contain other batch requests/,
  },
  {
    what: 'a reference outside of a change set',
    item: part('batch_1', 'GET $1'),
    message: /'\$1' does not exist in the batch context/,
  },
  {
    what: 'a reference to a Content-ID that nobody has',
    item: changeSet('batch_1', [['PATCH $7', { name: 'x' }]]),
    message: /'\$7' does not exist in the batch context/,
  },
  {
    what: 'another host',
    item: part('batch_1', 'GET https://elsewhere.example/api/data/v9.2/accounts'),
    message: /leads elsewhere/,
  },
  {
    what: 'an address that is none',
    item: part('batch_1', 'GET http://'),
    message: /cannot be read/,
  },
  {
    what: 'an address beyond 65,536 characters',
    item: part('batch_1', `GET accounts?$filter=name eq '${'x'.repeat(65_600)}'`),
    status: 414,
    message: /longer than 65536/,
  },
  {
    what: 'a body without type',
    item: part('batch_1', 'POST accounts', { name: 'x' }).replace(
      'Content-Type: application/json; type=entry\r\n',
      '',
    ),
    status: 415,
    message: /media type/,
  },
]

describe('a request that a batch cannot hold fails alone', () => {
  for (const { what, item, status = 400, message } of REFUSED) {
    test(what, async () => {
      const rig = createRig({ accounts: 1, contacts: 0 })
      const reply = await sendBatch(rig, [CREATE, item])
      assert.equal(reply.status, status, reply.text)
      assert.match(reply.text, message)
      const made = await rig.call("accounts?$select=name&$filter=name eq 'Planted'")
      assert.equal(made.json.value.length, 1)
    })
  }
})

const query = (length: number) =>
  part('batch_1', `GET accounts?$select=name&$filter=name eq '${'x'.repeat(length)}'`)

test('an address of 60,000 characters is served inside a batch', async () => {
  const reply = await sendBatch(createRig({ accounts: 1, contacts: 0 }), [query(60_000)])
  assert.match(reply.text, /HTTP\/1\.1 200 OK/)
})

test('what is done stays when a later request fails, a failed change set leaves nothing', async () => {
  const rig = createRig({ accounts: 1, contacts: 0 })
  const reply = await sendBatch(rig, [
    CREATE,
    changeSet('batch_1', [
      ['POST accounts', { name: 'Planted' }],
      ['POST accounts', { name: 'x'.repeat(200) }],
    ]),
    CREATE,
  ])
  assert.equal(reply.status, 400)
  const made = await rig.call("accounts?$select=name&$filter=name eq 'Planted'")
  assert.equal(made.json.value.length, 1)
})

test('a failed change set is one error, in its wrapper or bare', async () => {
  const rig = createRig({ accounts: 1, contacts: 0 })
  const failing = () =>
    sendBatch(rig, [
      changeSet('batch_1', [
        ['POST accounts', { name: 'Planted' }],
        ['POST accounts', { name: 'x'.repeat(200) }],
      ]),
    ])
  const wrapped = await failing()
  assert.match(wrapped.text, /changesetresponse_.*\r\n\r\n--changesetresponse_.*\r\n/)
  assert.equal(errors(wrapped), 1)
  rig.organization.control.setSwitches({ failedChangeSet: 'bare' })
  const bare = await failing()
  assert.doesNotMatch(bare.text, /changesetresponse/)
  assert.equal(errors(bare), 1)
})

test('headers of the batch are not those of its requests', async () => {
  const rig = createRig({ accounts: 1, contacts: 0 })
  const outer = await sendBatch(rig, [CREATE], { prefer: 'return=representation' })
  assert.match(outer.text, /HTTP\/1\.1 204 /)
  const inner = part(
    'batch_1',
    'POST accounts?$select=name',
    { name: 'Shown' },
    { headers: ['Prefer: return=representation'] },
  )
  const shown = await sendBatch(rig, [inner])
  assert.match(
    shown.text,
    /HTTP\/1\.1 201 Created\r\n.*Preference-Applied: return=representation.*"name":"Shown"/s,
  )
})

test('line breaks inside a payload are no lines of the batch', async () => {
  const rig = createRig({ accounts: 1, contacts: 0 })
  const reply = await sendBatch(rig, [part('batch_1', 'POST accounts', '{\n"name": "Planted"\n}')])
  assert.match(reply.text, /HTTP\/1\.1 204 /)
})

test('a boundary may be quoted or not, and another one begin like it', async () => {
  const rig = createRig({ accounts: 1, contacts: 0 })
  for (const type of [
    'multipart/mixed;boundary=b',
    'multipart/mixed; charset=utf-8; boundary="b"',
  ]) {
    const reply = await rig.call('$batch', {
      method: 'POST',
      headers: { 'content-type': type },
      body: `${changeSet('b', [['POST accounts', { name: 'x' }]], 'b2')}--b--\r\n`,
    })
    assert.equal(reply.status, 200, reply.text)
  }
})

test('only POST sends a batch', async () => {
  assert.equal((await createRig().call('$batch')).status, 405)
})

function errors({ text }: Reply): number {
  return text.split('"error":').length - 1
}
