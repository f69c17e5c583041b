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
  const content = inPlace ? text : await readText(verb, option, text)
  try {
    return JSON.parse(content) as Json
  } catch (error) {
    const message = error instanceof Error ? error.message : ''
    const where = inPlace ? '' : `, in the file "${text}",`
    throw new UsageError(verb, `The JSON of --${option}${where} cannot be read: ${message}.`, {
      cause: error,
    })
  }
}

// What is no text would reach the environment as other characters.
async function readText(verb: Verb, option: string, file: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file))
  } catch (error) {
    const reason = error instanceof TypeError ? 'is not UTF-8' : 'cannot be read'
    throw new UsageError(verb, `--${option} names the file "${file}", which ${reason}.`, {
      cause: error,
    })
  }
}

/** Reads a JSON object in the same way. @throws UsageError */
export async function objectOption(verb: Verb, call: Given, option: string): Promise<JsonObject> {
  const value = await jsonOption(verb, call, option)
  if (isObject(value)) return value
  throw new UsageError(verb, `--${option} is not a JSON object.`)
}
