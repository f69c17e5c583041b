const PIECE = 8
const WITHHELD = '[withheld: it quotes a secret of the request]'

/**
 * Makes a server's own words fit to be shown: secrets of the request that they quote are taken out, and
 * words that quote one in part or encoded (percent, base64, hexadecimal) are withheld.
 */
export function withoutQuotes(text: string, secrets: readonly string[]): string {
  const told = secrets
    .filter((secret) => secret.length >= 4)
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    .reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text)
  const pieces = new Set(secrets.flatMap(piecesOf))
  return [...readingsOf(told)].some((reading) => holds(reading, pieces)) ? WITHHELD : told
}

function piecesOf(text: string): readonly string[] {
  const count = Math.max(0, text.length - PIECE + 1)
  return Array.from({ length: count }, (_, at) => text.slice(at, at + PIECE))
}

function holds(text: string, pieces: ReadonlySet<string>): boolean {
  for (let at = 0; at + PIECE <= text.length; at += 1)
    if (pieces.has(text.slice(at, at + PIECE))) return true
  return false
}

/** A text as it is, and as whoever wants its secrets could read it. */
function* readingsOf(text: string): Iterable<string> {
  yield text
  yield percentDecoded(text)
  yield percentDecoded(percentDecoded(text))
  for (const [run] of text.matchAll(/[\w+/-]{10,}/g)) {
    // A cut leaves any of four beginnings.
    for (const from of [0, 1, 2, 3]) yield Buffer.from(run.slice(from), 'base64').toString('latin1')
    for (const from of [0, 1]) yield Buffer.from(run.slice(from), 'hex').toString('latin1')
  }
}

// Byte by byte: a text that was cut inside an escape must not stop it.
function percentDecoded(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
}
