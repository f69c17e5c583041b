import type { Shape } from '../query/shape.ts'

/** Writes the fragment of `@odata.context` that tells which columns rows have. */
export function contextOf(base: string, set: string, shape: Shape, single: boolean): string {
  const list = shapeList(shape)
  const columns = list === '' ? '' : `(${list})`
  return `${base}/$metadata#${set}${columns}${single ? '/$entity' : ''}`
}

function shapeList(shape: Shape): string {
  const expansions = shape.expansions.map((expansion) =>
    expansion.reference
      ? `${expansion.name}/$ref()`
      : `${expansion.name}(${shapeList(expansion.shape)})`,
  )
  return [...(shape.named ?? []), ...expansions].join(',')
}
