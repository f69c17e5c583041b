import { badQuery, notSupported } from '../fault.ts'
import { readTop } from './options.ts'
import { splitOutside } from './split.ts'

/** One navigation property of an `$expand` with its options. */
export interface ExpandItem {
  readonly name: string
  readonly reference: boolean
  readonly select: string | undefined
  readonly filter: string | undefined
  readonly orderby: string | undefined
  readonly expand: string | undefined
  readonly top: number | undefined
  readonly written: readonly string[]
}

const ITEM = /^([\p{L}_][\p{L}\p{N}_.]*)(\/\$ref|\/\$count)?\s*(?:\(([\s\S]*)\))?$/u
const OPTIONS = new Set(['$select', '$filter', '$orderby', '$expand', '$top'])

/** Parses the text of an `$expand`, its own level only. */
export function parseExpand(text: string | undefined): ExpandItem[] {
  if (text === undefined) return []
  return splitOutside(text, ',').map((part) => parseItem(part.trim()))
}

function parseItem(text: string): ExpandItem {
  const match = ITEM.exec(text)
  const name = match?.[1]
  if (!match || name === undefined)
    throw badQuery(`Term '${text}' is not valid in a $select or $expand expression.`)
  if (match[2] === '/$count')
    throw notSupported('/$count in $expand, which Dataverse has not either')
  const written =
    match[3] === undefined ? [] : splitOutside(match[3], ';').map((part) => part.trim())
  const options = new Map<string, string>()
  for (const part of written) {
    const at = part.indexOf('=')
    const option = part.slice(0, Math.max(0, at)).trim()
    if (!OPTIONS.has(option)) throw badQuery(`The option '${part}' is not supported in $expand.`)
    options.set(option, part.slice(at + 1).trim())
  }
  return {
    name,
    reference: match[2] === '/$ref',
    select: options.get('$select'),
    filter: options.get('$filter'),
    orderby: options.get('$orderby'),
    expand: options.get('$expand'),
    top: readTop(options.get('$top')),
    written: written.map((part) => part.replace(/^(\$\w+)\s*=\s*/, '$1=')),
  }
}
