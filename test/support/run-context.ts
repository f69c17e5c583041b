import type { Context, Output } from '../../src/connector/index.ts'
import type { DataverseClient } from '../../src/dataverse/index.ts'
import { silentLogger } from '../../src/kernel/index.ts'
import { FakeClock } from './fake-clock.ts'

/** A context over a client, as a host would build it. */
export function runContext(
  dataverse: DataverseClient,
  config: unknown,
  input: unknown,
  signal: AbortSignal = new AbortController().signal,
): Context<unknown, unknown> {
  return {
    config,
    input,
    dataverse,
    cursor: null,
    sample: false,
    attachments: {
      put: () => Promise.reject(new Error('no attachments here')),
      get: () => Promise.reject(new Error('no attachments here')),
    },
    limits: { maxMessageBytes: 10_000_000, maxCursorBytes: 5_000 },
    clock: new FakeClock(),
    logger: silentLogger,
    signal,
  }
}

/** The bodies of all messages that come out. */
export async function bodiesOf(outputs: AsyncIterable<Output>): Promise<readonly unknown[]> {
  const bodies: unknown[] = []
  for await (const output of outputs) if (output.kind === 'data') bodies.push(output.body)
  return bodies
}
