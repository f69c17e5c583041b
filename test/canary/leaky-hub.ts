import { subscribe } from 'node:diagnostics_channel'

// Loaded into a hub before it starts, to show that a leak is found: it logs twelve characters of every
// token that leaves, as a careless line of ours would.
subscribe('undici:client:sendHeaders', (message) => {
  const token = /authorization: Bearer (\S+)/i.exec(String(Object(message).headers))?.[1]
  if (token === undefined) return
  const middle = Math.floor(token.length / 2)
  const piece = token.slice(middle, middle + 12)
  process.stderr.write(`${JSON.stringify({ level: 'debug', event: 'request', token: piece })}\n`)
})
