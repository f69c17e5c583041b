import { Agent, request } from 'undici'
import type { Library } from './library.ts'
import { compare, type Manner, type Speed } from './measure.ts'

/** Compares calls with a leased token with the same calls by plain fetch and by bare undici. */
export async function compareLease(
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
export async function measureLease({ tokens }: Library, manner: Manner): Promise<Speed> {
  const [speed] = await compare([{ name: 'token lease alone', call: () => tokens.token() }], manner)
  if (!speed) throw new Error('Nothing was measured.')
  return speed
}
