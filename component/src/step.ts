import { parseCrmAddress, resolveApiVersion } from '../../src/oauth/index.ts'
import type { StepConfiguration } from './platform.ts'

/** A step's configuration, taken apart: where the environment is, and the fields of the entry. */
export interface Step {
  readonly environmentUrl: URL
  readonly apiVersion: string
  readonly fields: Readonly<Record<string, unknown>>
}

const CREDENTIAL_KEYS = new Set([
  'baseUrl',
  'apiVersion',
  'oauth',
  'secretId',
  '_account',
  'accessToken',
])

/** Reads the address from the step, or from the fields of the credential where the platform keeps them. */
export function readStep(
  configuration: StepConfiguration,
  credential: Readonly<Record<string, unknown>> = {},
): Step {
  const text = (key: string) => {
    const value = configuration[key] ?? credential[key]
    return typeof value === 'string' ? value : ''
  }
  const address = parseCrmAddress(text('baseUrl'))
  return {
    environmentUrl: address.environmentUrl,
    apiVersion: resolveApiVersion(address, text('apiVersion')),
    fields: fieldsOf(configuration),
  }
}

/** The fields of the entry alone. */
export function fieldsOf(configuration: StepConfiguration): Readonly<Record<string, unknown>> {
  const fields = Object.entries(configuration).filter(([key]) => !CREDENTIAL_KEYS.has(key))
  return Object.fromEntries(fields.map(([key, value]) => [key, RENAMED[String(value)] ?? value]))
}

// What siblings of this component call the same behaviour.
const RENAMED: Readonly<Record<string, string>> = { fetchPage: 'emitPage' }
