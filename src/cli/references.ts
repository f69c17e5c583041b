import { CodedError } from '../kernel/index.ts'

/** A name or id on the command line that does not lead to exactly one stored thing. */
export class LookupError extends CodedError<'not_found' | 'ambiguous'> {}

/** Finds the one thing that an id, the beginning of an id, or a name means. @throws LookupError */
export function pick<Item extends { readonly id: string; readonly name: string }>(
  kind: 'Auth Client' | 'Credential',
  items: readonly Item[],
  reference: string,
): Item {
  const exact = items.filter(({ id, name }) => id === reference || name === reference)
  const found =
    exact.length > 0
      ? exact
      : items.filter(
          ({ id, name }) =>
            (reference.length >= 4 && id.startsWith(reference)) ||
            name.toLowerCase() === reference.toLowerCase(),
        )
  const [only] = found
  if (only && found.length === 1) return only
  const verb = kind === 'Credential' ? 'credentials' : 'auth-clients'
  throw new LookupError(found.length === 0 ? 'not_found' : 'ambiguous', {
    what:
      found.length === 0
        ? `There is no ${kind} "${reference}".`
        : `"${reference}" means ${found.length} ${kind}s.`,
    why:
      found.length === 0
        ? 'Neither an id nor a name is that.'
        : 'Several share this name or begin with this id.',
    remedy: `Look at "fairlead ${verb} list" and give the id.`,
    who: 'you',
    retry: { when: 'never' },
    facts: { reference },
  })
}
