import { otherProduct } from '../other-products.ts'
import type { CatalogueExplanation, Hints } from './entry.ts'

/** What else is known where a failure happened and sharpens its explanation; never a secret itself. */
export interface Evidence {
  /** Whether the client secret has the form of a GUID, as a Secret ID has. */
  readonly secretLooksLikeId?: boolean
  /** The privilege that Dataverse found missing, such as `prvReadAccount`. */
  readonly privilege?: string
  /** The table that it was missing for. */
  readonly table?: string
  /** How far the machine's clock is ahead of the server's, in ms. */
  readonly clockSkewMs?: number
}

type Sharper = Partial<Pick<CatalogueExplanation, 'why' | 'remedy'>>

/** Tells whether a client secret is most probably the Secret ID that stands beside it in the portal. */
export function looksLikeSecretId(secret: string): boolean {
  return /^\s*[{(]?[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}[)}]?\s*$/i.test(secret)
}

/** Replaces the general reason and remedy by a sharper one where the evidence allows it. */
export function refine(
  explanation: CatalogueExplanation,
  hints: Hints,
  evidence: Evidence,
): CatalogueExplanation {
  return { ...explanation, ...sharpen(explanation.code, hints, evidence) }
}

function sharpen(code: string, hints: Hints, evidence: Evidence): Sharper {
  switch (code) {
    case '7000215':
    case '70002':
    case '50012':
      return evidence.secretLooksLikeId ? SECRET_ID : {}
    case '500011':
    case '50001':
      return hints.resource === undefined ? {} : (faultOfResource(hints.resource) ?? {})
    case '700024':
      return evidence.clockSkewMs === undefined ? {} : skewed(evidence.clockSkewMs)
    case '0x80040220':
    case '0x80048306':
    case '0x80048405':
    case '0x80040299':
      return evidence.privilege === undefined ? {} : lacks(evidence.privilege, evidence.table)
    default:
      return {}
  }
}

// Written out here, so that explaining a text needs nothing that can call a network.
const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/

const SECRET_ID: Sharper = {
  why: 'The stored secret is a GUID: that is the "Secret ID", the name of a secret. The secret itself stands in the column "Value".',
}

function skewed(ms: number): Sharper {
  const seconds = Math.round(Math.abs(ms) / 1000)
  return {
    why: `The clock of the machine that runs Fairlead is ${seconds} seconds ${ms < 0 ? 'behind' : 'ahead'}.`,
  }
}

function lacks(privilege: string, table: string | undefined): Sharper {
  const where = table === undefined ? '' : ` for the table ${table}`
  return {
    why: `None of the user's security roles grants ${privilege}${where}, or grants it for its own rows or business unit only.`,
    remedy: `Let an administrator add ${privilege}${where} to one of the security roles of the user, or assign a role that has it.`,
  }
}

/** Finds what is wrong with a resource at a glance; `undefined` if it looks like an environment's address. */
export function faultOfResource(resource: string): Sharper | undefined {
  if (/%(25|3a|2f)/i.test(resource)) {
    return {
      why: 'The CRM address was URL-encoded twice on its way.',
      remedy:
        'In the authorization endpoint write the address encoded once (https%3A%2F%2F...), or leave "resource=" out: Fairlead adds it from the Credential.',
    }
  }
  if (/[{}<>]/.test(resource)) {
    return {
      why: 'A placeholder was left in the CRM address.',
      remedy:
        'Put the address of your environment in its place, such as https://org1.crm4.dynamics.com',
    }
  }
  const url = URL.canParse(resource) ? new URL(resource) : undefined
  if (url === undefined) return undefined
  if (url.protocol === 'http:' && !LOOPBACK.test(url.hostname)) {
    return {
      why: 'The CRM address begins with http instead of https.',
      remedy: `Write it with https: https://${url.host}`,
    }
  }
  const other = otherProduct(url.hostname)
  if (other) return { why: other.what, remedy: other.remedy }
  if (url.pathname !== '/' || url.search !== '') {
    return {
      why: 'The CRM address goes on after the host, which a resource must not.',
      remedy: `Write it as far as the host: ${url.origin}`,
    }
  }
  return undefined
}
