import { CodedError } from '../kernel/index.ts'

/** A command line that cannot be understood. */
export class UsageError extends CodedError<'usage'> {
  constructor(
    verb: { readonly name: string; readonly usage: string },
    why: string,
    { remedy, cause }: { readonly remedy?: string; readonly cause?: unknown } = {},
  ) {
    const call = `fairlead ${verb.name} ${verb.usage}`.trimEnd()
    super('usage', {
      what: `"fairlead ${verb.name}" was not called as it can be.`,
      why,
      remedy: remedy ?? `Call it as: ${call}. "fairlead ${verb.name} --help" tells more.`,
      cause,
    })
  }
}

/** Words that name no verb. */
export class UnknownVerb extends CodedError<'usage'> {
  constructor(words: string, known: readonly string[]) {
    super('usage', {
      what: `There is no "fairlead ${words}".`,
      why: `What there is: ${known.join(', ')}.`,
      remedy: '"fairlead --help" tells what each of them does.',
    })
  }
}
