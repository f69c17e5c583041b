import type { Entry } from '../../connector/index.ts'
import { RunError } from './run-error.ts'
import type { RunHost } from './run-host.ts'

/** Finds a trigger or action. @throws RunError `unknown_action` */
export function requireEntry({ entries }: Pick<RunHost, 'entries'>, name: string): Entry {
  const found = entries.find((entry) => entry.name === name)
  if (found !== undefined) return found
  throw new RunError('unknown_action', {
    what: `There is no trigger or action “${name.slice(0, 100)}”.`,
    why: 'The connector has none of this name.',
    remedy: `Use one of ${entries.map((entry) => entry.name).join(', ')}.`,
    who: 'you',
    retry: { when: 'never' },
    facts: { action: name.slice(0, 100) },
  })
}
