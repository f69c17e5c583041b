import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { issueCertificate } from './certificates.ts'
import { certificateNames } from './hosts.ts'

/** The test CA of one sandbox and the certificate of its servers. */
export interface TestAuthority {
  readonly caFile: string
  readonly key: string
  readonly certificate: string
  /** Removes the folder, if it was a temporary one. */
  remove(): void
}

const DAY = 86_400_000
const NAME = 'Fairlead sandbox test CA'

/** Opens the CA in the folder, or makes one there; without a folder it lives in a temporary one. */
export async function openTestAuthority(folder: string | undefined): Promise<TestAuthority> {
  const home = folder ?? mkdtempSync(join(tmpdir(), 'fairlead-sandbox-'))
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const caFile = join(home, 'ca.pem')
  const keyFile = join(home, 'ca-key.pem')
  const now = Date.now()
  if (!isUsable(caFile, keyFile, now)) await createAuthority(caFile, keyFile, now)
  const leaf = newKey()
  const certificate = await issueCertificate({
    subject: 'Fairlead sandbox',
    key: createPrivateKey(leaf),
    issuer: { subject: NAME, key: createPrivateKey(readFileSync(keyFile)) },
    authority: false,
    names: certificateNames(),
    notBefore: now - DAY,
    notAfter: now + 365 * DAY,
  })
  return {
    caFile,
    key: leaf,
    certificate,
    remove() {
      if (folder === undefined) rmSync(home, { recursive: true, force: true })
    },
  }
}

function isUsable(caFile: string, keyFile: string, now: number): boolean {
  if (!existsSync(caFile) || !existsSync(keyFile)) return false
  return new X509Certificate(readFileSync(caFile)).validToDate.getTime() > now + 30 * DAY
}

async function createAuthority(caFile: string, keyFile: string, now: number): Promise<void> {
  const key = newKey()
  writeFileSync(keyFile, key, { mode: 0o600 })
  const certificate = await issueCertificate({
    subject: NAME,
    key: createPrivateKey(key),
    authority: true,
    names: [],
    notBefore: now - DAY,
    notAfter: now + 3650 * DAY,
  })
  writeFileSync(caFile, certificate)
}

function newKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}
