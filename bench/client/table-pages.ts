import { gzipSync } from 'node:zlib'
import { annotatedRow, row } from './account-row.ts'

const ROWS_OF_A_PAGE = 5_000
// A few different pages are enough to be no page's copy of the one before.
const VARIANTS = 4

/** Pages of tables named `accounts100000`, after the number of their rows. */
export interface TablePages {
  /** The pieces of the page that an address asks for, one after the other. */
  page(url: URL, form: PageForm): readonly Uint8Array[]
}

interface PageForm {
  readonly annotated: boolean
  readonly gzip: boolean
}

/** Renders the rows once for each form in which they are asked for; only the link differs from page to page. */
export function createTablePages(): TablePages {
  const rendered = new Map<string, Buffer>()
  const rowsOf = (variant: number, { annotated, gzip }: PageForm): Buffer => {
    const key = `${variant} ${annotated} ${gzip}`
    const known = rendered.get(key)
    if (known) return known
    const text = Buffer.from(renderRows(variant, annotated))
    const made = gzip ? gzipSync(text) : text
    rendered.set(key, made)
    return made
  }
  return {
    page: (url, form) => {
      const total = Number(/accounts(\d+)$/.exec(url.pathname)?.[1] ?? 0)
      const number = Number(url.searchParams.get('$skiptoken') ?? 1)
      const end = Buffer.from(renderEnd(url, number, total))
      // Compressed data may be pieces of compressed data, one after the other (RFC 1952 §2.2).
      return [rowsOf(number % VARIANTS, form), form.gzip ? gzipSync(end) : end]
    },
  }
}

function renderRows(variant: number, annotated: boolean): string {
  const render = annotated ? annotatedRow : row
  const first = variant * ROWS_OF_A_PAGE
  const rows = Array.from({ length: ROWS_OF_A_PAGE }, (_, at) => JSON.stringify(render(first + at)))
  return `{"@odata.context":"$metadata#accounts","value":[${rows.join(',')}]`
}

function renderEnd(url: URL, number: number, total: number): string {
  if (number * ROWS_OF_A_PAGE >= total) return '}'
  const next = new URL(url)
  next.searchParams.set('$skiptoken', String(number + 1))
  return `,"@odata.nextLink":${JSON.stringify(next.href)}}`
}
