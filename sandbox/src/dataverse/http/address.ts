import { badQuery } from '../fault.ts'

/** One step of a path: a name and what stands in parentheses after it. */
export interface Segment {
  readonly name: string
  readonly key: string | undefined
}

/** An address below `/api/data/`, taken apart. */
export interface Address {
  /** `v9.2`; undefined when the path ends before it. */
  readonly version: string | undefined
  readonly segments: readonly Segment[]
}

/** Takes the path of an address apart; undefined when it is not the Web API's. */
export function readAddress(pathname: string): Address | undefined {
  const match = /^\/api\/data(?:\/([^/]*))?(?:\/(.*))?$/is.exec(pathname)
  if (!match) return undefined
  const [, version, rest] = match
  const steps = rest === undefined || rest === '' ? [] : splitPath(decode(rest))
  return { version: version === '' ? undefined : version, segments: steps.map(readSegment) }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw badQuery('The request URI is not valid: a percent sign starts no escape.')
  }
}

/** Splits at slashes that stand outside quoted key values. */
function splitPath(path: string): string[] {
  const steps: string[] = []
  let quoted = false
  let start = 0
  for (let at = 0; at < path.length; at += 1) {
    const character = path.charAt(at)
    if (character === "'") quoted = !quoted
    else if (character === '/' && !quoted) {
      steps.push(path.slice(start, at))
      start = at + 1
    }
  }
  steps.push(path.slice(start))
  return steps.filter((step, index) => step !== '' || index < steps.length - 1)
}

function readSegment(step: string): Segment {
  const open = step.indexOf('(')
  if (open < 0) return { name: step, key: undefined }
  if (endOfKey(step, open) !== step.length - 1) {
    throw badQuery('Bad Request - Error in query syntax.')
  }
  return { name: step.slice(0, open), key: step.slice(open + 1, -1) }
}

/** Where the parenthesis closes; those in quoted key values do not count. */
function endOfKey(step: string, open: number): number {
  let depth = 0
  let quoted = false
  for (let at = open; at < step.length; at += 1) {
    const character = step.charAt(at)
    if (character === "'") quoted = !quoted
    else if (quoted) continue
    else if (character === '(') depth += 1
    else if (character === ')') {
      depth -= 1
      if (depth === 0) return at
    }
  }
  return -1
}
