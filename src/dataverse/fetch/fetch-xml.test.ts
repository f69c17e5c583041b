import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { SaxesParser } from 'saxes'
import { DataverseError } from '../errors/dataverse-error.ts'
import { fetchXml, parseFetchXml, withAttributes } from './fetch-xml.ts'
import { parsePagingCookie, placeOf } from './paging-cookie.ts'

const refused = (run: () => unknown, pattern: RegExp) =>
  assert.throws(run, (error) => error instanceof DataverseError && pattern.test(error.message))

/** The value of the first attribute of this name, as any XML parser reads it. */
function attributeOf(xml: string, name: string): string | undefined {
  let found: string | undefined
  const parser = new SaxesParser({})
  parser.on('opentag', (tag) => {
    found ??= tag.attributes[name]
  })
  parser.write(xml).close()
  return found
}

test('paging is set in the fetch element alone; every other letter stays', () => {
  const rest = `
    <entity name='account'><!-- <fetch page="9"> -->
      <filter><condition attribute="name" operator="eq" value=" page=&quot;3&quot; "/></filter>
    </entity>
  </fetch>
  `
  const fetch = parseFetchXml(`<?xml version="1.0"?>\n<fetch  count = '3' page="2" >${rest}`)
  assert.equal(fetch.attributes.get('count'), '3')
  assert.equal(
    withAttributes(fetch, { page: '7', 'paging-cookie': '<cookie a="b&c"/>' }),
    `<?xml version="1.0"?>\n<fetch page="7" paging-cookie="&lt;cookie a=&quot;b&amp;c&quot;/&gt;"  count = '3' >${rest}`,
  )
  assert.equal(withAttributes(parseFetchXml('<fetch/>'), { page: '1' }), '<fetch page="1"/>')
})

test('what is no whole FetchXML is refused, with its place', () => {
  refused(
    () => parseFetchXml('<fetch><entity></fetch>'),
    /unexpected close tag, at line 1, column \d+/,
  )
  refused(() => parseFetchXml('<fetch a="1" a="2"/>'), /duplicate attribute/)
  refused(() => parseFetchXml('<entity/>'), /root is “entity”/)
  refused(() => parseFetchXml(''), /whole XML/)
  refused(() => parseFetchXml('<!DOCTYPE x [<!ENTITY a "b">]><fetch/>'), /document type/)
  refused(() => parseFetchXml(`<fetch>${' '.repeat(70_000)}</fetch>`), /characters/)
})

test('no value changes the query around it', () => {
  const value = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    fc
      .array(
        fc.constantFrom('"', "'", '<', '>', '&', '&quot;', '\n', '\t', '\r', ']]>', '<!--', '💧'),
      )
      .map((pieces) => pieces.join('')),
  )
  const writable = value.filter(
    (text) =>
      text.isWellFormed() && !/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(text),
  )
  fc.assert(
    fc.property(writable, (text) => {
      const xml = fetchXml`<fetch value="${text}" other='${text}'/>`
      assert.equal(attributeOf(xml, 'value'), text)
      assert.equal(attributeOf(xml, 'other'), text)
      const paged = withAttributes(parseFetchXml(xml), { 'paging-cookie': text, page: '2' })
      assert.equal(attributeOf(paged, 'paging-cookie'), text)
      assert.equal(attributeOf(paged, 'value'), text)
    }),
    { numRuns: 300 },
  )
  refused(() => fetchXml`<fetch a="${'\u0000'}"/>`, /cannot carry/)
})

test('the paging cookie is taken out of its annotation, decoded twice', () => {
  const cookie = '<cookie page="1"><accountid last="{A}" first="{B &amp; ü}" /></cookie>'
  const encoded = encodeURIComponent(encodeURIComponent(cookie))
  const annotation = `<cookie pagenumber="2" pagingcookie="${encoded}" istracking="False" />`
  assert.equal(parsePagingCookie(annotation), cookie)
  assert.equal(parsePagingCookie('<cookie pagenumber="2" />'), undefined)
  assert.equal(parsePagingCookie('<cookie pagingcookie="%25E0%25A4%25A" />'), undefined)
  assert.equal(parsePagingCookie('no cookie'), undefined)
  assert.equal(placeOf(cookie), placeOf(cookie.replace('page="1"', 'page="22"')))
})
