import { DataverseClient } from '../../../dataverse/index.ts'
import { toTimestamp } from '../../../kernel/index.ts'
import type { Actor } from '../../audit/index.ts'
import { insertVerification } from '../../store/index.ts'
import { type ConnectParts, redirectUriOf } from '../connect-parts.ts'
import { hintsFor } from '../hints.ts'
import { within } from '../within.ts'
import { addressStages } from './address-stages.ts'
import { environmentStages } from './environment-stages.ts'
import type { Examination } from './examination.ts'
import type { StageReport, VerificationReport } from './report.ts'
import { runStages } from './stage.ts'
import { clockStage, tokenStages } from './token-stages.ts'

const VERIFY_MS = 180_000

/** What to verify, and who is told of each stage as it is done. */
export interface VerifyRequest {
  readonly by: Actor
  readonly credentialId: string
  readonly onStage?: (stage: StageReport) => void
  readonly signal?: AbortSignal
}

const STAGES = [...addressStages, ...tokenStages, ...environmentStages, clockStage]

/**
 * Checks a Credential stage by stage, from its address to the limits of its user, and stores the report.
 * A failed stage is part of the report; it throws only when the Credential is not there, or on abort.
 */
export async function verify(
  parts: ConnectParts,
  request: VerifyRequest,
): Promise<VerificationReport> {
  const { by, credentialId, onStage } = request
  const { store, clock, random, logger, audit } = parts
  const startedAt = clock.now()
  const stages: StageReport[] = []
  await within(clock, VERIFY_MS, request.signal, async (signal) => {
    const examination = await examine(parts, request, signal)
    const redirectUri = redirectUriOf(parts.publicUrl)
    const hints = () => hintsOf(examination, redirectUri)
    for await (const stage of runStages(STAGES, examination, { clock, hints, signal })) {
      stages.push(stage)
      onStage?.(stage)
    }
  })
  const verified = stages.every(({ outcome }) => outcome === 'passed' || outcome === 'warning')
  const report = { verified, startedAt, ms: clock.now() - startedAt, stages }
  const failed = stages.find(({ outcome }) => outcome === 'failed')?.name
  const summary = {
    verified,
    at: toTimestamp(startedAt),
    ...(failed === undefined ? {} : { failed }),
  }
  await store.transaction(async (db) => {
    const place = { workspaceId: by.workspaceId, credentialId }
    const kept = { id: random.id(), startedAt, report, summary }
    // Removed meanwhile: then there is nothing to keep it with.
    if (!(await insertVerification(db, place, kept))) return
    await audit.append(db, by, {
      action: 'credential.verified',
      subject: { kind: 'credential', id: credentialId },
      result: verified ? 'ok' : 'failed',
      facts: failed === undefined ? {} : { failed },
    })
  })
  logger.info('credential verified', { credentialId, ms: report.ms, code: failed ?? 'verified' })
  return report
}

async function examine(
  parts: ConnectParts,
  { by: { workspaceId }, credentialId }: VerifyRequest,
  signal: AbortSignal,
): Promise<Examination> {
  const { vault, send, clock, logger, random, trustedLoginOrigins } = parts
  const credential = await vault.credentials.get(workspaceId, credentialId)
  const authClient = await vault.authClients.get(workspaceId, credential.authClientId)
  const { environmentUrl, apiVersion } = credential
  const tokens = vault.tokenSource(workspaceId, credentialId, environmentUrl)
  const client = new DataverseClient({
    environmentUrl,
    apiVersion,
    tokens,
    send,
    clock,
    logger,
    random,
  })
  return {
    credential,
    authClient,
    tokens,
    client,
    send,
    clock,
    trustedLoginOrigins,
    signal,
    found: {},
  }
}

function hintsOf({ credential, authClient, found }: Examination, redirectUri: string) {
  const tenantId = found.discovery?.tenantId
  return hintsFor(credential, authClient, {
    redirectUri,
    ...(tenantId === undefined ? {} : { tenantId }),
  })
}
