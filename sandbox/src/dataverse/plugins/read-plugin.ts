import {
  allowOnly,
  InputError,
  readObject,
  readOptionalString,
  readOptionalWhole,
  readString,
} from '../../json-input.ts'
import type { Plugin } from './model.ts'

/** Reads a stand-in for a plug-in from JSON. @throws InputError naming what is wrong */
export function readPlugin(value: unknown): Plugin {
  const object = readObject(value, 'A plug-in')
  allowOnly(object, ['table', 'message', 'when', 'error'], 'A plug-in')
  const message = readString(object, 'message')
  if (message !== 'Create' && message !== 'Update' && message !== 'Delete') {
    throw new InputError("'message' must be one of Create, Update, Delete.")
  }
  const error = readObject(object['error'], "'error'")
  allowOnly(error, ['message', 'operationStatus', 'subErrorCode', 'trace'], "'error'")
  return {
    table: readString(object, 'table'),
    message,
    ...(object['when'] === undefined ? {} : { when: readCondition(object['when']) }),
    error: {
      message: readString(error, 'message'),
      operationStatus: readOptionalWhole(error, 'operationStatus', 0, 10) ?? 0,
      subErrorCode: readOptionalWhole(error, 'subErrorCode', -(2 ** 31), 2 ** 31) ?? 0,
      trace: readOptionalString(error, 'trace') ?? '',
    },
  }
}

function readCondition(value: unknown): { column: string; contains: string } {
  const when = readObject(value, "'when'")
  allowOnly(when, ['column', 'contains'], "'when'")
  return { column: readString(when, 'column'), contains: readString(when, 'contains') }
}
