import type { HttpResponse, Send } from '../../src/transport/index.ts'

const MISSING = '00000000-0000-4000-8000-0000000'

/** Whether a row shows that it is bad, or only the service knows. */
export type Badness = 'none' | 'visible' | 'hidden'

/** Makes so many of the rows bad, at places that are always the same: half of them show it. */
export function badness(count: number, bad: number): (index: number) => Badness {
  let state = 42
  const places = new Map<number, Badness>()
  while (places.size < Math.min(bad, count)) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    const place = Math.floor((state / 2 ** 32) * count)
    if (!places.has(place)) places.set(place, places.size % 2 === 0 ? 'visible' : 'hidden')
  }
  return (index) => places.get(index) ?? 'none'
}

/** Accounts to be upserted. */
export function* accounts(count: number, badnessOf: (index: number) => Badness) {
  for (let index = 0; index < count; index += 1) {
    const bad = badnessOf(index)
    const number = String(index).padStart(7, '0')
    yield {
      accountnumber: `B-${number}`,
      name: bad === 'visible' ? 'x'.repeat(200) : `Bakery ${number} of the Northern Harbour`,
      telephone1: '+49 30 1234567',
      address1_city: 'Flensburg',
      numberofemployees: index % 500,
      ...(bad === 'hidden' ? { primarycontactid: MISSING + number.slice(-5) } : {}),
    }
  }
}

/** Lets refusals say nothing but that there is something: as the service often does. */
export function terse(send: Send): Send {
  return async (request) => {
    const response = await send(request)
    if (request.method !== 'POST' || response.status === 204) return response
    const said = await response.text()
    const text = said.replace(
      /"message":"(?:[^"\\]|\\.)*"/g,
      '"message":"A validation error occurred."',
    )
    return withText(response, text)
  }
}

/** An answer with another body. */
export function withText({ headers, status, url }: HttpResponse, text: string): HttpResponse {
  return {
    ...{ headers, status, url },
    text: async () => text,
    stream: () => new Blob([text]).stream(),
    discard: async () => undefined,
  }
}
