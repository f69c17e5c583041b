import { HttpError } from './http-error.ts'

/** How long the body of an API call may be, unless its route says otherwise. */
export const MAX_BODY_BYTES = 1024 * 1024

/** Hears how long a body is, as far as is known. */
export interface Growing {
  grow(bytes: number): void
}

const MAX_FORM_BYTES = 64 * 1024

/**
 * Reads a JSON body; an absent one is undefined.
 *
 * @param body may refuse a length by throwing
 * @throws HttpError `body_too_large`, `body_unreadable`, `media_type_unsupported`
 */
export async function readJsonBody(
  request: Request,
  maxBytes: number,
  body?: Growing,
): Promise<unknown> {
  const bytes = await readBytes(request, maxBytes, body)
  return bytes.length === 0 ? undefined : readJson(request, bytes).value
}

/** Reads a JSON body as it was sent. @throws HttpError as `readJsonBody` */
export async function readJsonText(request: Request, maxBytes: number): Promise<string> {
  return readJson(request, await readBytes(request, maxBytes)).text
}

function readJson(request: Request, bytes: Uint8Array): { text: string; value: unknown } {
  if (!/^application\/json\s*(;|$)/i.test(request.headers.get('content-type') ?? ''))
    throw new HttpError('media_type_unsupported', {
      what: 'The body is not marked as JSON.',
      why: 'Its Content-Type is another one, or is missing.',
      remedy: 'Send it with "Content-Type: application/json".',
    })
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return { text, value: JSON.parse(text) }
  } catch {
    // The parser's message quotes the body, which may hold a secret.
    throw new HttpError('body_unreadable', {
      what: 'The body is not JSON.',
      why: 'It is not UTF-8, or it breaks off or goes wrong before its end.',
      remedy: 'Check quotes, commas and braces, and that it is sent whole.',
    })
  }
}

/** Reads a form as a browser sends it. @throws HttpError `body_too_large` */
export async function readForm(request: Request): Promise<URLSearchParams> {
  const bytes = await readBytes(request, MAX_FORM_BYTES)
  return new URLSearchParams(new TextDecoder().decode(bytes))
}

async function readBytes(request: Request, maxBytes: number, body?: Growing): Promise<Uint8Array> {
  const told = Number(request.headers.get('content-length') ?? 0)
  if (told > maxBytes) throw tooLarge(maxBytes, told)
  body?.grow(told)
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.length
    if (size > maxBytes) throw tooLarge(maxBytes)
    body?.grow(size)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function tooLarge(maxBytes: number, bytes?: number) {
  return new HttpError('body_too_large', {
    what: bytes === undefined ? 'The body is too large.' : `A body of ${bytes} bytes is too large.`,
    why: `At most ${maxBytes} bytes are taken.`,
    remedy: 'Send less at a time.',
    facts: { maxBytes, ...(bytes === undefined ? {} : { bytes }) },
  })
}
