import { badQuery, notSupported } from '../fault.ts'
import type { Method } from './aggregate.ts'
import { splitOutside } from './split.ts'

/** One aggregated value of an `$apply`; without a path it counts rows. */
export interface ApplyMeasure {
  readonly path: readonly string[] | undefined
  readonly method: Method
  readonly alias: string
}

/** What an `$apply` asks for: rows to choose, ways to group them, values to work out. */
export interface Apply {
  readonly filter: string | undefined
  readonly keys: readonly (readonly string[])[]
  readonly measures: readonly ApplyMeasure[]
}

const STEP = /^(filter|groupby|aggregate)\s*\(([\s\S]*)\)$/
const FOREIGN_STEP = /^(\w+)\s*\(/
const MEASURE =
  /^([\p{L}_$][\p{L}\p{N}_/]*)\s+with\s+([\p{L}_.]+)\s+as\s+([\p{L}_][\p{L}\p{N}_]*)$/u
const COUNT = /^\$count\s+as\s+([\p{L}_][\p{L}\p{N}_]*)$/u
const PATH = /^[\p{L}_][\p{L}\p{N}_]*(?:\/[\p{L}_][\p{L}\p{N}_]*)*$/u
const METHODS = ['sum', 'average', 'min', 'max', 'countdistinct'] as const

/** Parses the text of an `$apply`: a filter if wanted, then one grouping or aggregation. */
export function parseApply(text: string): Apply {
  const steps = splitOutside(text, '/').map((step) => readStep(step.trim()))
  const filter = steps[0]?.name === 'filter' ? steps.shift()?.inner : undefined
  const [step, next] = steps
  if (!step) throw notSupported('an $apply that only filters')
  if (next) throw notSupported(`'${next.name}' after '${step.name}' in $apply`)
  if (step.name === 'filter') throw notSupported('two filters in $apply')
  const parts =
    step.name === 'groupby'
      ? readGrouping(step.inner)
      : { keys: [], measures: readMeasures(step.inner) }
  refuseRepeats(parts.measures)
  return { filter, ...parts }
}

function readStep(step: string): { name: string; inner: string } {
  const match = STEP.exec(step)
  const [, name, inner] = match ?? []
  if (name !== undefined && inner !== undefined) return { name, inner }
  const foreign = FOREIGN_STEP.exec(step)?.[1]
  if (foreign && !/^(filter|groupby|aggregate)$/.test(foreign)) {
    throw notSupported(`the transformation ${foreign} in $apply`)
  }
  throw badQuery(`Syntax error in '${step}' of $apply.`)
}

function readGrouping(text: string): Pick<Apply, 'keys' | 'measures'> {
  const [first = '', second, ...rest] = splitOutside(text, ',').map((part) => part.trim())
  const list = /^\(([\s\S]*)\)$/.exec(first)?.[1]
  if (list === undefined || rest.length > 0) throw badQuery(`Syntax error in 'groupby(${text})'.`)
  const keys = splitOutside(list, ',').map((key) => readPath(key.trim()))
  if (second === undefined) return { keys, measures: [] }
  const inner = readStep(second)
  if (inner.name !== 'aggregate') throw notSupported(`'${inner.name}' inside groupby`)
  return { keys, measures: readMeasures(inner.inner) }
}

function readMeasures(text: string): ApplyMeasure[] {
  return splitOutside(text, ',').map((part) => {
    const term = part.trim()
    const alias = COUNT.exec(term)?.[1]
    if (alias !== undefined) return { path: undefined, method: 'count', alias }
    const [, path, word, name] = MEASURE.exec(term) ?? []
    if (path === undefined || word === undefined || name === undefined) {
      throw badQuery(`Syntax error in '${term}' of aggregate.`)
    }
    const method = METHODS.find((known) => known === word)
    if (!method) throw notSupported(`the aggregation method ${word}`)
    return { path: readPath(path), method, alias: name }
  })
}

function readPath(text: string): string[] {
  if (!PATH.test(text)) throw badQuery(`Syntax error in '${text}' of $apply.`)
  return text.split('/')
}

function refuseRepeats(measures: readonly ApplyMeasure[]): void {
  const names = new Set<string>()
  for (const { alias } of measures) {
    if (names.has(alias)) throw badQuery(`The alias '${alias}' is given twice in $apply.`)
    names.add(alias)
  }
}
