import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import { createRig, type Reply, type Rig } from '../dataverse/rig.ts'

const COLUMN = 'sample_filecolumn'
const IMAGE = 'sample_imagecolumn'
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 1, 2, 3])

describe('mistakes with files', () => {
  let rig: Rig
  let id: string
  let row: string
  beforeEach(async () => {
    rig = createRig({ accounts: 1, contacts: 1 })
    const { json } = await rig.call('accounts?$select=accountid')
    id = json.value[0].accountid
    row = `accounts(${id})`
  })

  const post = (path: string, body: unknown): Promise<Reply> =>
    rig.call(path, { method: 'POST', body })
  const begin = async (): Promise<string> => {
    const { headers } = await rig.call(`${row}/${COLUMN}?x-ms-file-name=a.txt`, {
      method: 'PATCH',
      headers: { 'x-ms-transfer-mode': 'chunked' },
    })
    return String(headers['location'])
  }
  const part = (location: string, range: string, body: Buffer): Promise<Reply> =>
    rig.call(location, { method: 'PATCH', headers: { 'content-range': range }, body })
  const beginBlocks = async (): Promise<string> => {
    const Target = { accountid: id, '@odata.type': 'Microsoft.Dynamics.CRM.account' }
    const body = { Target, FileName: 'a.txt', FileAttributeName: COLUMN }
    return (await post('InitializeFileBlocksUpload', body)).json.FileContinuationToken
  }
  const block = (FileContinuationToken: string, name: string, data: Buffer): Promise<Reply> =>
    post('UploadBlock', {
      BlockId: Buffer.from(name).toString('base64'),
      BlockData: data.toString('base64'),
      FileContinuationToken,
    })
  const isRefused = ({ status, json }: Reply, words: RegExp, code = '0x80040203'): void => {
    assert.deepEqual([status, json.error.code], [400, code], json.error.message)
    assert.match(json.error.message, words)
  }

  test('a chunk out of its order is refused, and the right one still taken', async () => {
    const location = await begin()
    isRefused(await part(location, 'bytes 4-7/8', Buffer.alloc(4)), /begins at 4, but 0 bytes/)
    assert.equal((await part(location, 'bytes 0-3/8', Buffer.alloc(4))).status, 206)
    assert.equal((await part(location, 'bytes 4-7/8', Buffer.alloc(4))).status, 204)
  })

  test('a gap, a repeated chunk and another size are refused', async () => {
    const location = await begin()
    await part(location, 'bytes 0-3/20', Buffer.alloc(4))
    isRefused(await part(location, 'bytes 6-9/20', Buffer.alloc(4)), /begins at 6, but 4/)
    isRefused(await part(location, 'bytes 0-3/20', Buffer.alloc(4)), /begins at 0, but 4/)
    isRefused(await part(location, 'bytes 4-7/21', Buffer.alloc(4)), /was 20 before/)
  })

  test('a range that is none, or disagrees with its body, is refused', async () => {
    const location = await begin()
    isRefused(await part(location, '0-3/8', Buffer.alloc(4)), /Content-Range must be/)
    isRefused(await part(location, 'bytes 0-3/*', Buffer.alloc(4)), /Content-Range must be/)
    isRefused(await part(location, 'bytes 0-7/8', Buffer.alloc(4)), /has 8 bytes, the body 4/)
    isRefused(await part(location, 'bytes 0-8/8', Buffer.alloc(9)), /does not fit its size/)
  })

  test('a session token of nobody, of another row, or of a finished upload is refused', async () => {
    const wrong = `${row}/${COLUMN}?sessiontoken=abc`
    isRefused(await part(wrong, 'bytes 0-3/4', Buffer.alloc(4)), /session token/)
    const location = await begin()
    const other = location.replace(COLUMN, 'new_contract')
    isRefused(await part(other, 'bytes 0-3/4', Buffer.alloc(4)), /session token/)
    assert.equal((await part(location, 'bytes 0-3/4', Buffer.alloc(4))).status, 204)
    isRefused(await part(location, 'bytes 0-3/4', Buffer.alloc(4)), /session token/)
  })

  test('an upload needs a name, and bytes that say that they are bytes', async () => {
    const nameless = await rig.call(`${row}/${COLUMN}`, { method: 'PATCH', body: PNG })
    isRefused(nameless, /x-ms-file-name/)
    const json = await rig.call(`${row}/${COLUMN}?x-ms-file-name=a.txt`, {
      method: 'PATCH',
      body: { value: 'aGk=' },
    })
    assert.equal(json.status, 415)
  })

  test('a file larger than its column is refused at its first chunk', async () => {
    const refused = await part(await begin(), 'bytes 0-3/104857601', Buffer.alloc(4))
    isRefused(refused, /too big/, '0x80044a02')
  })

  test('a block over 4 MB is refused', async () => {
    const refused = await block(await beginBlocks(), 'one', Buffer.alloc(4_194_305))
    isRefused(refused, /4 MB at most/)
  })

  test('block ids of different lengths, or longer than 64 bytes, are refused', async () => {
    const token = await beginBlocks()
    assert.equal((await block(token, 'one', PNG)).status, 204)
    isRefused(await block(token, 'three', PNG), /same length/)
    isRefused(await block(await beginBlocks(), 'x'.repeat(65), PNG), /64 bytes/)
  })

  test('a block id that is no base64, and a token of nobody, are refused', async () => {
    const FileContinuationToken = await beginBlocks()
    const body = { BlockId: '!', BlockData: 'aGk=', FileContinuationToken }
    isRefused(await post('UploadBlock', body), /base64/)
    isRefused(await block('abc', 'one', PNG), /FileContinuationToken/)
  })

  test('a list that names a block which never came is refused, and nothing is kept', async () => {
    const FileContinuationToken = await beginBlocks()
    await block(FileContinuationToken, 'one', PNG)
    const refused = await post('CommitFileBlocksUpload', {
      FileName: 'a.txt',
      MimeType: 'text/plain',
      BlockList: ['b25l', 'dHdv'],
      FileContinuationToken,
    })
    isRefused(refused, /no block 'dHdv'/)
    assert.equal((await rig.call(`${row}/${COLUMN}/$value`)).status, 204)
  })

  test('blocks are put together in the order of the list', async () => {
    const FileContinuationToken = await beginBlocks()
    await block(FileContinuationToken, 'one', Buffer.from('1'))
    await block(FileContinuationToken, 'two', Buffer.from('2'))
    await post('CommitFileBlocksUpload', {
      FileName: 'a.txt',
      MimeType: 'text/plain',
      BlockList: ['dHdv', 'b25l'],
      FileContinuationToken,
    })
    assert.equal((await rig.call(`${row}/${COLUMN}/$value`)).text, '21')
  })

  test('a column that holds no files, and a parameter that is missing, are refused', async () => {
    const Target = { accountid: id, '@odata.type': 'Microsoft.Dynamics.CRM.account' }
    const wrong = { Target, FileName: 'a.txt', FileAttributeName: 'name' }
    isRefused(await post('InitializeFileBlocksUpload', wrong), /no file or image column/)
    const short = { Target, FileName: 'a.txt' }
    isRefused(
      await post('InitializeFileBlocksUpload', short),
      /missing parameters are: FileAttributeName/,
      '0x80048d19',
    )
  })

  test('a file cannot be set with the other values of its row', async () => {
    const guid = '11111111-0000-4000-8000-0000000000aa'
    await rig.call(row, { method: 'PATCH', body: { [COLUMN]: guid } })
    assert.equal((await rig.call(`${row}?$select=${COLUMN}`)).json[COLUMN], null)
  })

  test('a range beyond the end is refused', async () => {
    await rig.call(`${row}/${COLUMN}?x-ms-file-name=a.txt`, { method: 'PATCH', body: PNG })
    const { status } = await rig.call(`${row}/${COLUMN}/$value`, {
      headers: { range: 'bytes=11-20' },
    })
    assert.equal(status, 416)
  })

  test('what is no image is refused in an image column', async () => {
    const refused = await rig.call(row, { method: 'PATCH', body: { [IMAGE]: 'aGVsbG8=' } })
    isRefused(refused, /Update image properties failed/, '0x80072553')
  })

  test('only the primary image can be given when a row is created', async () => {
    const image = PNG.toString('base64')
    const refused = await post('accounts', { name: 'x', [IMAGE]: image })
    isRefused(
      refused,
      /Non-primary image attribute sample_imagecolumn of entity account/,
      '0x80090487',
    )
    assert.equal((await post('accounts', { name: 'x', entityimage: image })).status, 204)
  })
})
