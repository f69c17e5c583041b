import { didYouMean, type Entry, quoted } from '../../connector/index.ts'
import { nearNames } from '../../dataverse/index.ts'
import { RunError } from './run-error.ts'
import type { RunHost } from './run-host.ts'

/** Finds a trigger or action. @throws RunError `unknown_action` */
export function requireEntry({ entries }: Pick<RunHost, 'entries'>, name: string): Entry {
  const found = entries.find((entry) => entry.name === name)
  if (found !== undefined) return found
  const names = entries.map((entry) => entry.name)
  throw new RunError('unknown_action', {
    what: `There is no trigger or action ${quoted(name)}.`,
    why: 'The connector has none of this name.',
    remedy: `Use one of ${names.join(', ')}.${didYouMean(nearNames(name, names))}`,
    facts: { action: name.slice(0, 100) },
  })
}
