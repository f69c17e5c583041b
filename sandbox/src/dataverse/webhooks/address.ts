import { readXml } from '../fetch/xml.ts'
import type { Endpoint } from './steps.ts'

const WEBHOOK_KEY = 4
const HTTP_HEADER = 5
const HTTP_QUERY_STRING = 6

/** The address and headers of a webhook; undefined when its values for authentication cannot be read. */
export function addressOf({
  url,
  authType,
  authValue,
}: Endpoint):
  | { readonly url: URL; readonly headers: Readonly<Record<string, string>> }
  | undefined {
  const address = new URL(url)
  if (authType === WEBHOOK_KEY) {
    address.searchParams.append('code', authValue)
    return { url: address, headers: {} }
  }
  const settings = readSettings(authValue)
  if (!settings) return undefined
  if (authType === HTTP_QUERY_STRING) {
    for (const [name, value] of settings) address.searchParams.append(name, value)
    return { url: address, headers: {} }
  }
  if (authType !== HTTP_HEADER) return { url: address, headers: {} }
  try {
    new Headers([...settings].map(([name, value]) => [name, value]))
  } catch {
    return undefined
  }
  return { url: address, headers: Object.fromEntries(settings) }
}

/** Pairs are kept as `<settings><setting name="k" value="v" /></settings>`. */
function readSettings(text: string): ReadonlyMap<string, string> | undefined {
  if (text === '') return new Map()
  try {
    const { name, children } = readXml(text)
    const pairs = children.map(({ attributes }) => [
      attributes.get('name'),
      attributes.get('value'),
    ])
    const whole = pairs.flatMap(([key, value]) =>
      key === undefined || value === undefined ? [] : [[key, value] as const],
    )
    return name === 'settings' && whole.length === pairs.length ? new Map(whole) : undefined
  } catch {
    return undefined
  }
}
