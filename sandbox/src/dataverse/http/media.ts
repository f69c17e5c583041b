import type { Exchange } from '../../exchange.ts'
import { Fault, notSupported } from '../fault.ts'

const UNACCEPTABLE =
  'A supported MIME type could not be found that matches the acceptable MIME types for the request.'

/** Checks that the client takes what is sent: XML for the metadata document, JSON for all else. */
export function checkAccept({ headers }: Exchange, isDocument: boolean): void {
  const { accept } = headers
  if (accept === undefined || accept === '') return
  const full = /odata\.metadata=(full|none)/i.exec(accept)
  if (full) throw notSupported(`odata.metadata=${full[1]}`)
  const types = accept.split(',').map((part) => (part.split(';')[0] ?? '').trim().toLowerCase())
  const wanted = isDocument ? ['application/xml'] : ['application/json', 'text/plain']
  if (types.some((type) => [...wanted, '*/*', 'application/*'].includes(type))) return
  throw new Fault(415, '0x80060888', UNACCEPTABLE)
}
