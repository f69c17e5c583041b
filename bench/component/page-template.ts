import { row } from '../client/account-row.ts'

/** A page of rows as text, rendered once: only ids and times differ from page to page. */
export interface PageTemplate {
  /** The page with this number, from 0, of a table in the order of `createdon`. */
  page(number: number): Buffer
}

const ID = '"accountid":"00000001-0000-4000-8000-'
const CREATED = '"createdon":"'
const ID_DIGITS = 12
const FIRST_MS = Date.UTC(2020, 0, 1)

/** Renders a page of so many rows. */
export function pageTemplate(rows: number): PageTemplate {
  const text = Buffer.from(Array.from({ length: rows }, (_, at) => JSON.stringify(row(at))).join())
  const places = (mark: string): readonly number[] => {
    const found: number[] = []
    for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1))
      found.push(at + mark.length)
    return found
  }
  const [ids, times] = [places(ID), places(CREATED)]
  return {
    page: (number) => {
      const page = Buffer.from(text)
      for (let at = 0; at < rows; at += 1) {
        const row = number * rows + at
        page.write(String(row).padStart(ID_DIGITS, '0'), ids[at] ?? 0, 'latin1')
        const time = new Date(FIRST_MS + row * 1_000).toISOString().replace('.000', '')
        page.write(time, times[at] ?? 0, 'latin1')
      }
      return page
    },
  }
}
