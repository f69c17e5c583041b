import { AADSTS_TABLE } from './aadsts-table.ts'

/** Where a failure shows: Microsoft's own page, the callback, or the token endpoint's JSON. */
export type Place = 'page' | 'callback' | 'token'

export interface AadstsDetails {
  readonly error?: string
  readonly status?: number
  readonly suberror?: string
  /** JSON text of the claims to ask for. */
  readonly claims?: string
}

/** A refusal of Entra ID, not yet put into a page, a callback or JSON. */
export class AadstsError extends Error {
  override readonly name = 'AadstsError'
  readonly number: number
  readonly error: string
  readonly status: number
  readonly suberror: string | undefined
  readonly claims: string | undefined

  constructor(
    number: number,
    text: string,
    details: Required<Pick<AadstsDetails, 'error' | 'status'>> & AadstsDetails,
  ) {
    super(text)
    this.number = number
    this.error = details.error
    this.status = details.status
    this.suberror = details.suberror
    this.claims = details.claims
  }
}

/** Builds the refusal with that number; places in its text are filled from `values`. */
export function aadsts(
  number: number,
  values: Readonly<Record<string, string>> = {},
  details: AadstsDetails = {},
): AadstsError {
  const entry = AADSTS_TABLE[number]
  if (!entry) throw new Error(`The sandbox has no AADSTS${number} in its table.`)
  const [error, status, text, suberror] = entry
  const filled = text.replace(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place)
  return new AadstsError(number, filled, {
    error,
    status,
    ...(suberror ? { suberror } : {}),
    ...details,
  })
}
