import { invalidArgument } from './errors/dataverse-error.ts'

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/

// The client's own, and those that belong to one connection.
// https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1
const REFUSED = new Set([
  'authorization',
  'connection',
  'content-length',
  'cookie',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** Checks the caller's headers and writes their names small. @throws DataverseError `invalid_argument` */
export function checkHeaders(
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const checked = new Map<string, string>()
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.trim().toLowerCase()
    const problem = headerProblem(lower, value, checked)
    if (problem !== undefined) {
      throw invalidArgument(`headers.${name.slice(0, 100)}`, problem, 'Leave this header out.')
    }
    checked.set(lower, value.trim())
  }
  return Object.fromEntries(checked)
}

function headerProblem(name: string, value: string, seen: ReadonlyMap<string, string>) {
  if (!TOKEN.test(name)) return 'it is not the name of a header'
  if (REFUSED.has(name)) return 'this header is the connection’s own'
  if (seen.has(name)) return 'it is given twice'
  return /[^\t\x20-\x7e\x80-\xff]/.test(value)
    ? 'its value has characters no header can carry'
    : undefined
}
