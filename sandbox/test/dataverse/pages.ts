import assert from 'node:assert/strict'
import type { Reply, Rig } from './rig.ts'

/** A row as JSON. */
export type PlainRow = Readonly<Record<string, unknown>>

/** Reads all pages of a list by their links. */
export async function readAll(
  rig: Rig,
  query: string,
  pageSize: number,
  prefer: readonly string[] = [],
): Promise<PlainRow[]> {
  const rows: PlainRow[] = []
  const headers = { prefer: [...prefer, `odata.maxpagesize=${pageSize}`].join(',') }
  for (let link: string | undefined = query; link !== undefined; ) {
    const { status, text, json } = await rig.call(link, { headers })
    assert.equal(status, 200, text)
    rows.push(...json.value)
    link = json['@odata.nextLink']
  }
  return rows
}

/** Reads all pages of a FetchXML query over accounts, by its cookies where it gives any; the ids of its rows. */
export async function readFetchPages(rig: Rig, entity: string, count: number): Promise<string[]> {
  const ids: string[] = []
  let cookie = ''
  for (let page = 1; ; page += 1) {
    const reply = await fetchPage(rig, entity, { count, page, cookie })
    assert.equal(reply.status, 200, reply.text)
    ids.push(...reply.json.value.map((row: { accountid: string }) => row.accountid))
    if (reply.json['@Microsoft.Dynamics.CRM.morerecords'] !== true) return ids
    cookie = cookieOf(reply)
  }
}

/** Asks for one page of a FetchXML query over accounts. */
export function fetchPage(
  rig: Rig,
  entity: string,
  { count, page, cookie }: { count: number; page: number; cookie: string },
): Promise<Reply> {
  const xml = `<fetch count='${count}' page='${page}'${cookie}>${entity}</fetch>`
  return rig.call(`accounts?fetchXml=${encodeURIComponent(xml)}`, {
    headers: { prefer: 'odata.include-annotations="*"' },
  })
}

/** The attribute that asks for the page after this one; nothing where the answer has no cookie. */
export function cookieOf({ json }: Reply): string {
  const annotation = json['@Microsoft.Dynamics.CRM.fetchxmlpagingcookie']
  if (annotation === undefined) return ''
  const inner = /pagingcookie="([^"]*)"/.exec(annotation)?.[1] ?? ''
  const plain = decodeURIComponent(decodeURIComponent(inner))
  const escaped = plain
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll("'", '&apos;')
  return ` paging-cookie='${escaped}'`
}
