import { readFile } from 'node:fs/promises'
import { isObject, type Json, type JsonObject } from '../kernel/index.ts'
import { textOption } from './read-arguments.ts'
import { UsageError } from './usage-error.ts'
import type { Call, Verb } from './verb.ts'

type Given = Pick<Call, 'options'>

/** Reads JSON given in place, or the file that is named; nothing given is an empty object. @throws UsageError */
export async function jsonOption(verb: Verb, call: Given, option: string): Promise<Json> {
  const text = textOption(call, option)
  if (text === undefined) return {}
  const inPlace = /^\s*[[{"]/.test(text)
  try {
    return JSON.parse(inPlace ? text : await readFile(text, 'utf8')) as Json
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    throw new UsageError(
      verb,
      inPlace
        ? `The JSON of --${option} cannot be read: ${message}.`
        : `--${option} names "${text}", which is no file with JSON in it.`,
      { cause: error },
    )
  }
}

/** Reads a JSON object in the same way. @throws UsageError */
export async function objectOption(verb: Verb, call: Given, option: string): Promise<JsonObject> {
  const value = await jsonOption(verb, call, option)
  if (isObject(value)) return value
  throw new UsageError(verb, `--${option} is not a JSON object.`)
}
