import { isUtf8 } from 'node:buffer'

/** Every form in which a secret may stand in a log, an address, a JSON text, a page or a file. */
export function formsOf(secret: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const bytes = Buffer.from(secret)
  const forms = new Map<string, Uint8Array>([
    ['clear', bytes],
    ['hex', Buffer.from(bytes.toString('hex'))],
  ])
  for (const offset of [0, 1, 2]) {
    const inside = base64Inside(bytes, offset)
    forms.set(`base64+${offset}`, Buffer.from(inside))
    forms.set(`base64url+${offset}`, Buffer.from(inside.replaceAll('+', '-').replaceAll('/', '_')))
  }
  if (isUtf8(bytes)) {
    for (const [name, text] of textForms(bytes.toString('utf8'))) forms.set(name, Buffer.from(text))
  }
  return forms
}

/** A secret is the same where it is copied in another spelling: percent, JSON, HTML. */
function textForms(text: string): readonly (readonly [string, string])[] {
  const json = JSON.stringify(text).slice(1, -1)
  const percent = encodeURIComponent(text)
  const form = new URLSearchParams({ x: text }).toString().slice(2)
  return [
    ['json', json],
    ['json-twice', JSON.stringify(json).slice(1, -1)],
    ['json-unicode', escaped(text, (code) => `\\u${code.toString(16).padStart(4, '0')}`)],
    ['percent', percent],
    ['percent-lower', percent.replace(/%[0-9A-F]{2}/g, (each) => each.toLowerCase())],
    ['percent-twice', encodeURIComponent(percent)],
    ['percent-all', escaped(text, (code) => `%${code.toString(16).toUpperCase()}`)],
    ['form', form],
    ['html', escaped(text, (code) => `&#${code};`)],
  ]
}

function escaped(text: string, encode: (code: number) => string): string {
  return text.replace(/[^A-Za-z0-9]/g, (each) => encode(each.charCodeAt(0)))
}

// Base64 of a longer text shows a secret in one of three ways, by where in the text it begins; the
// characters at its ends hold bits of its neighbours, too.
function base64Inside(bytes: Buffer, offset: number): string {
  const all = Buffer.concat([Buffer.alloc(offset), bytes])
    .toString('base64')
    .replace(/=+$/, '')
  const whole = Math.floor(((offset + bytes.length) * 8) / 6)
  return all.slice(Math.ceil((offset * 8) / 6), whole)
}
