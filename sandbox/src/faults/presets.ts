import { InputError, type JsonObject, readOptionalWhole, readString } from '../json-input.ts'

/** Writes an error as the organizations do. */
function refusal(status: number, code: string, message: string, retryAfter?: number): JsonObject {
  return {
    kind: 'respond',
    status,
    headers: {
      'content-type': 'application/json; odata.metadata=minimal',
      'odata-version': '4.0',
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    },
    body: { error: { code, message } },
  }
}

function page(status: number, title: string): JsonObject {
  const body = `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>`
  return { kind: 'respond', status, body }
}

// Codes and words: https://learn.microsoft.com/power-apps/developer/data-platform/api-limits
// and https://learn.microsoft.com/power-apps/developer/data-platform/bulk-operations
const PRESETS: Readonly<Record<string, JsonObject>> = {
  tooManyRequests: refusal(
    429,
    '0x80072322',
    'Number of requests exceeded the limit of 6000 over time window of 300 seconds.',
    2,
  ),
  tooMuchServerTime: refusal(
    429,
    '0x80072321',
    'Combined execution time of incoming requests exceeded limit of 1,200,000 milliseconds over time window of 300 seconds. Decrease number of concurrent requests or reduce the duration of requests and try again later.',
    2,
  ),
  tooManyAtOnce: refusal(
    429,
    '0x80072326',
    'Number of concurrent requests exceeded the limit of 52.',
    2,
  ),
  unavailable: page(503, 'Service Unavailable'),
  badGateway: page(502, 'Bad Gateway'),
  gatewayTimeout: page(504, 'Gateway Timeout'),
  deadlock: refusal(
    500,
    '0x80044150',
    'Sql error: Generic SQL error. CRM ErrorCode: -2147204784 Sql ErrorCode: -2146232060 Sql Number: 1205',
  ),
  sqlTimeout: refusal(
    500,
    '0x80044151',
    'Sql error: SQL timeout expired. CRM ErrorCode: -2147204783 Sql ErrorCode: -2146232060 Sql Number: -2',
  ),
  expiredToken: { kind: 'expireToken' },
  resetBeforeAnswer: { kind: 'reset' },
  lostAnswer: { kind: 'lose' },
  silence: { kind: 'hang' },
  cutBody: { kind: 'cut', afterBytes: 20 },
  stalledBody: { kind: 'stall', afterBytes: 20 },
  halfJson: { kind: 'truncate' },
  lengthTooLong: { kind: 'length', by: 10 },
  lengthTooShort: { kind: 'length', by: -5 },
}

/**
 * Puts what a preset stands for in the place of its name; `retryAfter` gives its answer that header.
 * @throws InputError when nobody knows it
 */
export function expandPreset(object: JsonObject): JsonObject {
  if (object['preset'] === undefined) return object
  const name = readString(object, 'preset')
  const preset = Object.hasOwn(PRESETS, name) ? PRESETS[name] : undefined
  if (!preset) {
    throw new InputError(
      `There is no preset '${name}'. Presets: ${Object.keys(PRESETS).join(', ')}.`,
    )
  }
  if (object['kind'] !== undefined) throw new InputError("A fault has a 'preset' or a 'kind'.")
  const { preset: _, retryAfter, ...rest } = object
  const seconds = readOptionalWhole({ retryAfter }, 'retryAfter', 0, 1_000_000)
  if (seconds === undefined) return { ...preset, ...rest }
  if (preset['kind'] !== 'respond') {
    throw new InputError(`The preset '${name}' has no answer that 'retryAfter' could stand in.`)
  }
  return {
    ...preset,
    headers: { ...Object(preset['headers']), 'retry-after': String(seconds) },
    ...rest,
  }
}
