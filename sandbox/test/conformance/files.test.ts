import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { API, createSample, type Sample } from './fixtures.ts'

const COLUMN = 'sample_filecolumn'
const PART = 4_194_304
const EXPOSED = 'access-control-expose-headers'

/** Bytes that differ from place to place. */
function file(size: number): Buffer {
  return Buffer.alloc(size, '0123456789abcdef.')
}

describe('file-column-data', () => {
  let sample: Sample
  let row: string
  before(async () => {
    sample = await createSample()
    row = `accounts(${sample.litware})`
  })

  test('example 76: messages upload a file in blocks', async () => {
    const bytes = file(PART + 1000)
    const Target = { accountid: sample.litware, '@odata.type': 'Microsoft.Dynamics.CRM.account' }
    const begun = await sample.call('InitializeFileBlocksUpload', {
      method: 'POST',
      body: { Target, FileName: '25mb.pdf', FileAttributeName: COLUMN },
    })
    assert.equal(begun.status, 200)
    const { FileContinuationToken, ...rest } = begun.json
    const context = `${API}/$metadata#Microsoft.Dynamics.CRM.InitializeFileBlocksUploadResponse`
    assert.deepEqual(rest, { '@odata.context': context })
    const ids = [
      'OThjODg5NjgtNzM2Zi00YmI1LTgyNzktNmU2NzgwMTRiMzFk',
      'ZWUxNzcxZjgtNjEwOC00NDk1LWI2NzMtODFkNDM3YjMyNTFm',
    ]
    for (const [index, BlockId] of ids.entries()) {
      const BlockData = bytes.subarray(index * PART, (index + 1) * PART).toString('base64')
      const sent = await sample.call('UploadBlock', {
        method: 'POST',
        body: { BlockId, BlockData, FileContinuationToken },
      })
      assert.deepEqual([sent.status, sent.text], [204, ''])
    }
    const done = await sample.call('CommitFileBlocksUpload', {
      method: 'POST',
      body: {
        FileName: '25mb.pdf',
        MimeType: 'application/pdf',
        BlockList: ids,
        FileContinuationToken,
      },
    })
    const { FileId, ...told } = done.json
    assert.deepEqual(told, {
      '@odata.context': `${API}/$metadata#Microsoft.Dynamics.CRM.CommitFileBlocksUploadResponse`,
      FileSizeInBytes: bytes.length,
    })
    assert.match(FileId, /^[0-9a-f-]{36}$/)
  })

  test('example 76: a row is read with its file', async () => {
    const select = '$select=name,sample_filecolumn,sample_filecolumn_name'
    const { json } = await sample.call(`${row}?${select}`)
    const { sample_filecolumn, '@odata.etag': tag, ...rest } = json
    assert.match(tag, /^W\/"\d+"$/)
    assert.match(sample_filecolumn, /^[0-9a-f-]{36}$/)
    assert.deepEqual(rest, {
      '@odata.context': `${API}/$metadata#accounts(name,sample_filecolumn,sample_filecolumn_name)/$entity`,
      name: 'Litware, Inc. (sample)',
      sample_filecolumn_name: '25mb.pdf',
      accountid: sample.litware,
    })
  })

  test('example 76: a row is read with what is known about its files', async () => {
    const expand =
      '$expand=account_FileAttachments($select=createdon,mimetype,filesizeinbytes,filename,regardingfieldname)'
    const { json } = await sample.call(`${row}?$select=accountid,sample_filecolumn&${expand}`)
    const [attached] = json.account_FileAttachments
    assert.equal(attached.fileattachmentid, json.sample_filecolumn)
    assert.deepEqual(
      [attached.mimetype, attached.filesizeinbytes, attached.filename, attached.regardingfieldname],
      ['application/pdf', PART + 1000, '25mb.pdf', COLUMN],
    )
  })

  test('example 76: messages download a file in blocks', async () => {
    const Target = { accountid: sample.litware, '@odata.type': 'Microsoft.Dynamics.CRM.account' }
    const begun = await sample.call('InitializeFileBlocksDownload', {
      method: 'POST',
      body: { Target, FileAttributeName: COLUMN },
    })
    const { FileContinuationToken, ...told } = begun.json
    assert.deepEqual(told, {
      '@odata.context': `${API}/$metadata#Microsoft.Dynamics.CRM.InitializeFileBlocksDownloadResponse`,
      FileSizeInBytes: PART + 1000,
      FileName: '25mb.pdf',
      IsChunkingSupported: true,
    })
    const { json } = await sample.call('DownloadBlock', {
      method: 'POST',
      body: { Offset: PART, BlockLength: PART, FileContinuationToken },
    })
    assert.equal(
      json['@odata.context'],
      `${API}/$metadata#Microsoft.Dynamics.CRM.DownloadBlockResponse`,
    )
    assert.deepEqual(Buffer.from(json.Data, 'base64'), file(PART + 1000).subarray(PART))
  })

  test('example 76: a file is uploaded and downloaded in a single request', async () => {
    const bytes = file(5000)
    const sent = await sample.call(`${row}/${COLUMN}`, {
      method: 'PATCH',
      headers: { 'x-ms-file-name': '4094kb.txt' },
      body: bytes,
    })
    assert.deepEqual([sent.status, sent.text], [204, ''])
    const got = await sample.call(`${row}/${COLUMN}/$value`)
    assert.equal(got.status, 200)
    assert.deepEqual(got.bytes, bytes)
    assert.equal(got.headers['x-ms-file-size'], '5000')
    assert.equal(got.headers['x-ms-file-name'], '4094kb.txt')
    assert.equal(got.headers['mimetype'], 'text/plain')
    assert.equal(got.headers[EXPOSED], 'x-ms-file-size; x-ms-file-name; mimetype')
  })

  test('example 76: a file is uploaded and downloaded in chunks', async () => {
    const bytes = file(2 * PART + 77)
    const begun = await sample.call(`${row}/${COLUMN}?x-ms-file-name=25mb.pdf`, {
      method: 'PATCH',
      headers: { 'x-ms-transfer-mode': 'chunked' },
    })
    assert.equal(begun.status, 200)
    assert.equal(begun.headers['accept-ranges'], 'bytes')
    assert.equal(begun.headers['x-ms-chunk-size'], '4194304')
    assert.equal(begun.headers[EXPOSED], 'x-ms-chunk-size')
    const location = String(begun.headers['location'])
    assert.ok(location.startsWith(`${API}/${row}/${COLUMN}?sessiontoken=`))
    const statuses = []
    for (let at = 0; at < bytes.length; at += PART) {
      const part = bytes.subarray(at, at + PART)
      const range = `bytes ${at}-${at + part.length - 1}/${bytes.length}`
      const sent = await sample.call(location, {
        method: 'PATCH',
        headers: { 'content-range': range, 'x-ms-file-name': '25mb.pdf' },
        body: part,
      })
      statuses.push(sent.status)
    }
    assert.deepEqual(statuses, [206, 206, 204])
    const got = await sample.call(`${row}/${COLUMN}/$value`, {
      headers: { range: `bytes=${PART}-${2 * PART - 1}` },
    })
    assert.equal(got.status, 206)
    assert.deepEqual(got.bytes, bytes.subarray(PART, 2 * PART))
    assert.equal(got.headers['x-ms-file-size'], String(bytes.length))
    assert.equal(got.headers['x-ms-chunk-size'], '4194304')
    assert.equal(got.headers['mimetype'], 'application/pdf')
    assert.equal(got.headers[EXPOSED], 'x-ms-file-size; x-ms-file-name; x-ms-chunk-size; mimetype')
  })

  test('example 76: the largest size of a file is told, and a larger one refused', async () => {
    const { json } = await sample.call(
      `EntityDefinitions(LogicalName='account')/Attributes(LogicalName='${COLUMN}')/Microsoft.Dynamics.CRM.FileAttributeMetadata?$select=MaxSizeInKB`,
    )
    assert.deepEqual(
      { ...json, MetadataId: undefined, '@odata.context': undefined },
      {
        '@odata.context': undefined,
        MaxSizeInKB: 102400,
        MetadataId: undefined,
      },
    )
    sample.organization.control.changeColumn('account', 'new_contract', { maxLength: 1 })
    const sent = await sample.call(`${row}/new_contract`, {
      method: 'PATCH',
      headers: { 'x-ms-file-name': 'a.txt' },
      body: file(1025),
    })
    assert.deepEqual(
      [sent.status, sent.json.error],
      [400, { code: '0x80044a02', message: 'Attachment file size is too big.' }],
    )
  })

  test('example 76: a file is deleted by its id, and by its column', async () => {
    const put = () =>
      sample.call(`${row}/${COLUMN}?x-ms-file-name=x.txt`, { method: 'PATCH', body: file(10) })
    const held = async () => (await sample.call(`${row}?$select=${COLUMN}`)).json[COLUMN]
    await put()
    const byId = await sample.call('DeleteFile', { method: 'POST', body: { FileId: await held() } })
    assert.deepEqual([byId.status, await held()], [204, null])
    await put()
    const byColumn = await sample.call(`${row}/${COLUMN}`, { method: 'DELETE' })
    assert.deepEqual([byColumn.status, await held()], [204, null])
    const { json } = await sample.call(`fileattachments?$filter=filename eq 'x.txt'`)
    assert.deepEqual(json.value, [])
  })
})
