import { readFileSync } from 'node:fs'
import type { TestContext } from 'node:test'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { Bench } from '../bench.ts'

/** Starts a sandbox over https whose CA this process trusts, as an operator would install it. */
export async function startTrusted(t: TestContext): Promise<Bench> {
  const bench = await Bench.start(t, { https: true, deviceInterval: 1 })
  const before = getCACertificates('default')
  setDefaultCACertificates([...before, readFileSync(bench.line.caFile ?? '', 'utf8')])
  t.after(() => setDefaultCACertificates(before))
  return bench
}
