import { CodedError } from '../kernel/index.ts'

const listVerbs = {
  'Auth Client': 'auth-clients',
  Credential: 'credentials',
  'API key': 'api-keys',
  trigger: 'triggers',
} as const

/** A name or id on the command line that does not lead to exactly one stored thing. */
class LookupError extends CodedError<'not_found' | 'ambiguous'> {}

/** Finds the one thing that an id, the beginning of an id, or a name means. @throws `not_found`, `ambiguous` */
export function pick<Item extends { readonly id: string; readonly name: string }>(
  kind: keyof typeof listVerbs,
  items: readonly Item[],
  reference: string,
): Item {
  const exact = items.filter(({ id, name }) => id === reference || name === reference)
  const found = exact.length > 0 ? exact : items.filter((item) => resembles(item, reference))
  const [only] = found
  if (only && found.length === 1) return only
  const missing = found.length === 0
  throw new LookupError(missing ? 'not_found' : 'ambiguous', {
    what: missing
      ? `There is no ${kind} "${reference}".`
      : `"${reference}" means ${found.length} ${kind}s.`,
    why: missing
      ? 'It is neither a name, nor an id, nor the first four or more characters of one.'
      : `They are ${found.map(({ id, name }) => `${name} (${id})`).join(', ')}.`,
    remedy: missing ? `Look at "fairlead ${listVerbs[kind]} list".` : 'Give the id.',
    facts: { reference },
  })
}

function resembles({ id, name }: { id: string; name: string }, reference: string): boolean {
  return (
    (reference.length >= 4 && id.startsWith(reference.toLowerCase())) ||
    name.toLowerCase() === reference.toLowerCase()
  )
}
