import { isObject } from '../../kernel/index.ts'
import { type AnswerHeaders, readRetryAfter, withoutQuotes } from '../../transport/index.ts'
import { known } from '../answer/known.ts'
import { normaliseErrorCode } from './error-code.ts'

/** How an error answer was written: by the Web API, by ASP.NET beneath it, or by something in between. */
export type FaultForm = 'odata' | 'aspnet' | 'html' | 'text' | 'empty'

/** An error answer, parsed. Texts are bounded. */
export interface Fault {
  readonly status: number
  readonly form: FaultForm
  readonly dataverseCode?: string
  readonly message?: string
  /** The message of the error beneath, where the service tells it. */
  readonly innerMessage?: string
  /** The trace that a plug-in left. */
  readonly trace?: string
  readonly helpLink?: string
  readonly requestId?: string
  readonly retryAfterMs?: number
}

const LONGEST_TEXT = 1000
const CDS = '@Microsoft.PowerApps.CDS.'

/** Parses an error answer in any of the forms in which Dataverse, or what stands before it, writes one. */
export function parseFault(
  answer: { readonly status: number; readonly headers: AnswerHeaders; readonly text: string },
  now: number,
): Fault {
  const requestId = requestIdOf(answer.headers)
  const retryAfterMs = readRetryAfter(answer.headers, now)
  return {
    status: answer.status,
    ...readBody(answer.text),
    ...(requestId === undefined ? {} : { requestId }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  }
}

/** Takes out of an error answer's texts what they quote of the request's secrets. */
export function withoutSecrets(fault: Fault, secrets: readonly string[]): Fault {
  const { message, innerMessage, trace, helpLink, requestId } = fault
  const texts = Object.entries({ message, innerMessage, trace, helpLink, requestId }).flatMap(
    ([name, text]) => (text === undefined ? [] : [[name, withoutQuotes(text, secrets)]]),
  )
  return { ...fault, ...Object.fromEntries(texts) }
}

type Body = Omit<Fault, 'status' | 'requestId' | 'retryAfterMs'>

function readBody(text: string): Body {
  const trimmed = text.replace(/^\uFEFF/, '').trim()
  if (trimmed === '') return { form: 'empty' }
  const json = parseObject(trimmed)
  if (json !== undefined) return isObject(json['error']) ? odata(json['error']) : aspnet(json)
  const form = /^<(!doctype|!--|html|\?xml|head|body)/i.test(trimmed) ? 'html' : 'text'
  return { form, ...known('message', form === 'html' ? headline(trimmed) : bounded(trimmed)) }
}

function odata(error: { readonly [key: string]: unknown }): Body {
  const inner = isObject(error['innererror']) ? error['innererror']['message'] : undefined
  const annotated =
    error[`${CDS}InnerError.Message`] ?? error[`${CDS}ErrorDetails.InnerError.Message`]
  return {
    form: 'odata',
    ...known('dataverseCode', normaliseErrorCode(error['code'])),
    ...known('message', messageOf(error['message'])),
    ...known('innerMessage', messageOf(annotated ?? inner)),
    ...known('trace', messageOf(error[`${CDS}TraceText`])),
    ...known('helpLink', messageOf(error[`${CDS}HelpLink`])),
  }
}

// A gateway before the service writes its own JSON, with one of these names.
function firstMessage(
  json: { readonly [key: string]: unknown },
  names: readonly string[],
): string | undefined {
  return names.map((name) => messageOf(json[name])).find((message) => message !== undefined)
}

function aspnet(json: { readonly [key: string]: unknown }): Body {
  return {
    form: 'aspnet',
    ...known('dataverseCode', normaliseErrorCode(json['ErrorCode'])),
    ...known('message', firstMessage(json, ['Message', 'message', 'error_description', 'error'])),
    ...known('innerMessage', messageOf(json['ExceptionMessage'])),
  }
}

// Older answers wrap the message as { lang, value }.
function messageOf(value: unknown): string | undefined {
  const text = isObject(value) ? value['value'] : value
  return typeof text === 'string' ? bounded(text) : undefined
}

function headline(html: string): string | undefined {
  for (const tag of ['title', 'h1', 'h2', 'p']) {
    const found = new RegExp(`<${tag}[^>]{0,200}>([^<]{1,500})<`, 'i').exec(html)?.[1]
    const text = found === undefined ? undefined : bounded(found)
    if (text !== undefined) return text
  }
  return undefined
}

function bounded(text: string): string | undefined {
  const line = text
    .slice(0, LONGEST_TEXT * 2)
    .replace(/\s+/g, ' ')
    .trim()
  if (line === '') return undefined
  return line.length > LONGEST_TEXT ? `${line.slice(0, LONGEST_TEXT)}…` : line
}

function parseObject(text: string): { readonly [key: string]: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

// The service has been seen to send both ids doubled, "a,a".
function requestIdOf(headers: AnswerHeaders): string | undefined {
  const text = headers.get('x-ms-service-request-id') ?? headers.get('req_id')
  const id = text?.split(',', 1)[0]?.trim()
  return id !== undefined && /^[\w-]{1,100}$/.test(id) ? id : undefined
}
