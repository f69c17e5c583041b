import type { Answer } from './exchange.ts'

/** Answers with JSON. */
export function json(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string | readonly string[]>> = {},
): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  }
}

/** Says that the sandbox has no such behaviour, instead of making one up. */
export function notSupported(what: string): Answer {
  return json(
    501,
    {
      error: { code: 'not_supported_by_sandbox', message: `The sandbox does not support ${what}.` },
    },
    { 'x-sandbox-not-supported': encodeURI(what.slice(0, 200).toWellFormed()) },
  )
}
