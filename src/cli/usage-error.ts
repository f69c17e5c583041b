import { CodedError } from '../kernel/index.ts'

/** A command line that cannot be understood. */
export class UsageError extends CodedError<'usage'> {
  constructor(
    verb: { readonly name: string; readonly usage: string },
    why: string,
    cause?: unknown,
  ) {
    super('usage', {
      what: `"fairlead ${verb.name}" was not called as it can be.`,
      why,
      remedy: `Call it as: fairlead ${verb.name} ${verb.usage}`.trimEnd(),
      who: 'you',
      retry: { when: 'never' },
      cause,
    })
  }
}
