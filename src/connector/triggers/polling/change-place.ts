import { isObject, type JsonObject } from '../../../kernel/index.ts'

/** How far the changes of a table have been read. */
export interface ChangePlace {
  /** In the service's own words. */
  readonly since: string
  /** Whether an answer that was begun earlier goes on here. */
  readonly more: boolean
  /** While the first pass over all ids is under way: when it last read a page, in ms. */
  readonly passing?: number
}

/** Writes a place as part of a snapshot. */
export function placeJson({ since, more, passing }: ChangePlace): JsonObject {
  return {
    since,
    ...(more ? { more } : {}),
    ...(passing === undefined ? {} : { passing }),
  }
}

/** Reads what {@link placeJson} wrote; nothing where it is something else. */
export function readPlace(json: unknown): ChangePlace | undefined {
  if (!isObject(json)) return undefined
  const { since, more, passing } = json
  if (typeof since !== 'string') return undefined
  return {
    since,
    more: more === true,
    ...(typeof passing === 'number' ? { passing } : {}),
  }
}
