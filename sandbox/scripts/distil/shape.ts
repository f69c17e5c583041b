/** One column as the distilled file keeps it: what is absent is the ordinary case. */
export interface ColumnFacts {
  name: string
  schema: string
  label?: string
  type: string
  format?: string
  dateOnly?: true
  max?: number
  min?: number
  top?: number
  precision?: number
  required?: 'Recommended' | 'ApplicationRequired' | 'SystemRequired'
  create?: false
  update?: false
  choices?: (string | number)[][]
  initial?: number
  global?: string
  targets?: string[]
}

export interface TableFacts {
  name: string
  schema: string
  set: string
  label: string
  plural: string
  code: number
  id: string
  title?: string
  owner: 'UserOwned' | 'OrganizationOwned' | 'BusinessOwned' | 'None'
  base?: string
  activity?: true
  tracked?: true
  intersect?: true
  keys?: { name: string; schema: string; label: string; columns: string[] }[]
  columns: ColumnFacts[]
}

export interface RelationFacts {
  schema: string
  one: string
  many: string
  column: string
  manyNav: string
  oneNav: string
  onDelete?: 'Cascade' | 'RemoveLink' | 'Restrict' | 'NoCascade'
}

export interface GlobalChoices {
  label: string
  choices: (string | number)[][]
}

/** Takes a value that a JSON or XML file gave and says whether it is an object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Reads a path of keys out of parsed JSON; undefined where it ends early. */
export function at(value: unknown, ...path: string[]): unknown {
  let here = value
  for (const key of path) {
    if (!isObject(here)) return undefined
    here = here[key]
  }
  return here
}

export function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
