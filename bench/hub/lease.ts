import { Agent, request } from 'undici'
import { compare, type Manner, type Speed } from '../measure.ts'
import type { Part } from '../part.ts'
import { type Library, withLibrary } from './library.ts'
import { printSpeeds } from './print-speeds.ts'

/** A call with a leased token, and the lease alone. */
export const lease: Part = {
  name: 'lease',
  run: ({ rounds, ms }) =>
    withLibrary(async (origin, library) => {
      for (const atOnce of [1, 32]) {
        const speeds = await compareLease(origin, library, { rounds, ms, atOnce })
        printSpeeds(`WhoAmI, ${atOnce} at once`, speeds)
      }
      printSpeeds('Lease', [await measureLease(library, { rounds, ms: ms / 3, atOnce: 32 })])
    }),
}

/** Compares calls with a leased token with the same calls by plain fetch and by bare undici. */
async function compareLease(
  origin: string,
  { tokens, client }: Library,
  manner: Manner,
): Promise<readonly Speed[]> {
  const url = `${origin}/api/data/v9.2/WhoAmI`
  const { value } = await tokens.token()
  const headers = { authorization: `Bearer ${value.reveal()}`, accept: 'application/json' }
  const dispatcher = new Agent({ connections: 100 })
  try {
    return await compare(
      [
        { name: 'plain fetch', call: async () => (await fetch(url, { headers })).json() },
        {
          name: 'bare undici request',
          call: async () => (await request(url, { headers, dispatcher })).body.json(),
        },
        { name: 'token lease + client.whoAmI()', call: () => client.whoAmI() },
      ],
      manner,
    )
  } finally {
    await dispatcher.destroy()
  }
}

/** Measures the lease alone: a token that is still good. */
async function measureLease({ tokens }: Library, manner: Manner): Promise<Speed> {
  const [speed] = await compare([{ name: 'token lease alone', call: () => tokens.token() }], manner)
  if (!speed) throw new Error('Nothing was measured.')
  return speed
}
