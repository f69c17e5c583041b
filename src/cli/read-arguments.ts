import { parseArgs } from 'node:util'
import { UnknownVerb, UsageError } from './usage-error.ts'
import { type Call, optionsOf, type Verb } from './verb.ts'

/** Finds the verb that the words begin with, the longest name first. @throws UnknownVerb `usage` */
export function findVerb(
  verbs: readonly Verb[],
  words: readonly string[],
): { readonly verb: Verb; readonly rest: readonly string[] } {
  const [leading, named] = splitLeading(words)
  const begins = ({ name }: Verb) => name.split(' ').every((part, index) => named[index] === part)
  const verb = verbs.filter(begins).sort((a, b) => b.name.length - a.name.length)[0]
  const group = verbs.filter(({ name }) => name.startsWith(`${named[0]} `)).map(({ name }) => name)
  const [, second] = named
  const misnamed = verb?.takes[1] === 0 && second !== undefined && !second.startsWith('-')
  if (group.length > 0 && (!verb || (misnamed && verb.name === named[0])))
    throw new UnknownVerb(named.slice(0, 2).join(' '), group)
  if (!verb) {
    const tops = new Set(verbs.map(({ name }) => name.split(' ')[0] ?? ''))
    throw new UnknownVerb(named[0] ?? '', [...tops])
  }
  return { verb, rest: [...named.slice(verb.name.split(' ').length), ...leading] }
}

/** Reads what follows a verb. @throws UsageError `usage` */
export function readArguments(
  verb: Verb,
  words: readonly string[],
): Pick<Call, 'positionals' | 'options'> {
  const { positionals, values } = parse(verb, words)
  const [least, most] = verb.takes
  const asked = values['help'] === true
  if (!asked && (positionals.length < least || positionals.length > most))
    throw new UsageError(
      verb,
      positionals.length < least
        ? `It needs ${expected(verb)}.`
        : `"${positionals[most] ?? ''}" is one argument too many${most === 0 ? '' : '; put quotes around a text with spaces'}.`,
    )
  return { positionals, options: onlyScalars(values) }
}

/** Reads an option that has a value. */
export function textOption({ options }: Pick<Call, 'options'>, name: string): string | undefined {
  const value = options[name]
  return typeof value === 'string' ? value : undefined
}

/** Reads an option that a verb cannot do without. @throws UsageError `usage` */
export function neededOption(verb: Verb, call: Pick<Call, 'options'>, name: string): string {
  const value = textOption(call, name)
  if (value !== undefined && value !== '') return value
  throw new UsageError(verb, `--${name} is missing.`)
}

function parse(verb: Verb, words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: optionsOf(verb), allowPositionals: true })
  } catch (error) {
    const message = error instanceof Error ? error.message : 'Not understood.'
    // What follows the first sentence is about calling this parser from a program.
    const [why = message] = /^.*?(?=\. |\n|$)/.exec(message) ?? []
    throw new UsageError(verb, `${why.replace(/\.$/, '')}.`, { cause: error })
  }
}

// `fairlead --json credentials` means the same as `fairlead credentials --json`.
function splitLeading(words: readonly string[]): readonly [readonly string[], readonly string[]] {
  let count = 0
  while (words[count]?.startsWith('-')) count += words[count] === '--hub' ? 2 : 1
  return [words.slice(0, count), words.slice(count)]
}

function expected({ usage, takes }: Verb): string {
  return (usage.match(/<[^>]+>/g) ?? []).slice(0, takes[0]).join(' and ')
}

function onlyScalars(values: Readonly<Record<string, unknown>>): Call['options'] {
  return Object.fromEntries(
    Object.entries(values).filter(
      (entry): entry is [string, string | boolean] =>
        typeof entry[1] === 'string' || typeof entry[1] === 'boolean',
    ),
  )
}
