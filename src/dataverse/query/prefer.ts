import { invalidArgument } from '../errors/dataverse-error.ts'

/** Which annotations to ask for: all, or some by name, `*` standing for any ending. */
export type Annotations = '*' | readonly string[]

const ANNOTATION = /^[A-Za-z][\w.]*\*?$/

/** Writes the Prefer header of a reading request, empty where nothing is preferred. */
export function preferHeader(options: {
  readonly pageSize?: number
  readonly annotations?: Annotations
  readonly trackChanges?: boolean
}): Readonly<Record<string, string>> {
  const { pageSize, annotations, trackChanges } = options
  const parts = [
    ...(trackChanges === true ? ['odata.track-changes'] : []),
    ...(pageSize === undefined ? [] : [`odata.maxpagesize=${pageSize}`]),
    ...(annotations === undefined
      ? []
      : [`odata.include-annotations="${annotationList(annotations)}"`]),
  ]
  return parts.length === 0 ? {} : { prefer: parts.join(',') }
}

function annotationList(annotations: Annotations): string {
  if (annotations === '*') return '*'
  const wrong = annotations.find((name) => !ANNOTATION.test(name))
  if (wrong === undefined && annotations.length > 0) return annotations.join(',')
  throw invalidArgument(
    'annotations',
    annotations.length === 0 ? 'the list is empty' : 'one is not a name',
    'Name annotations such as OData.Community.Display.V1.FormattedValue, or give * for all.',
  )
}
