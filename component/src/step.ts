import { parseCrmAddress, resolveApiVersion } from '../../src/oauth/index.ts'
import type { StepConfiguration } from './platform.ts'

/** A step's configuration, taken apart: where the environment is, and the fields of the entry. */
export interface Step {
  readonly environmentUrl: URL
  readonly apiVersion: string
  readonly fields: Readonly<Record<string, unknown>>
}

const CREDENTIAL_KEYS = new Set([
  ...['baseUrl', 'apiVersion', 'oauth', 'secretId', '_account'],
  ...['access_token', 'refresh_token', 'token_type', 'expires_in'],
])

/** Reads the address from the step, or from the fields of the credential where the platform keeps them. */
export function readStep(
  configuration: StepConfiguration,
  credential: Readonly<Record<string, unknown>> = {},
): Step {
  const text = (key: string) => textOf(configuration[key]) || textOf(credential[key])
  const address = parseCrmAddress(text('baseUrl'))
  return {
    environmentUrl: address.environmentUrl,
    apiVersion: resolveApiVersion(address, text('apiVersion')),
    fields: fieldsOf(configuration),
  }
}

// A cleared field of a form comes as an empty text or as null.
function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : ''
}

/** The fields of the entry alone. */
export function fieldsOf(configuration: StepConfiguration): Readonly<Record<string, unknown>> {
  const fields = Object.entries(configuration).filter(([key]) => !CREDENTIAL_KEYS.has(key))
  return Object.fromEntries(fields.map(([key, value]) => [key, nameOfToday(key, value)]))
}

// What siblings of this component call the same behaviour.
function nameOfToday(key: string, value: unknown): unknown {
  return key === 'emitBehavior' && value === 'fetchPage' ? 'emitPage' : value
}
