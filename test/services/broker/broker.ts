import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { connect } from 'amqplib'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** A RabbitMQ of this test's own, on free ports, gone with all its data at the end. */
export interface Broker extends AsyncDisposable {
  readonly uri: string
}

const START_MS = 120_000
const PAUSE_MS = 200

/** Starts Debian's RabbitMQ; `FAIRLEAD_TEST_RABBITMQ` says where its program is. */
export async function startBroker(): Promise<Broker> {
  const program = process.env['FAIRLEAD_TEST_RABBITMQ'] ?? '/usr/lib/rabbitmq/bin/rabbitmq-server'
  const folder = await temporaryFolder()
  await chmod(folder.path, 0o700)
  const [port, distribution, names] = [await freePort(), await freePort(), await freePort()]
  const child = spawn(program, [], {
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: folder.path,
      HOSTNAME: 'localhost',
      // A name server of its own, so that nothing is left listening for a next one.
      ERL_EPMD_PORT: String(names),
      ERL_EPMD_ADDRESS: '127.0.0.1',
      RABBITMQ_NODENAME: `fairlead-test-${port}@localhost`,
      RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
      RABBITMQ_NODE_PORT: String(port),
      RABBITMQ_DIST_PORT: String(distribution),
      RABBITMQ_MNESIA_BASE: join(folder.path, 'data'),
      RABBITMQ_LOG_BASE: join(folder.path, 'log'),
      RABBITMQ_PID_FILE: join(folder.path, 'pid'),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(folder.path, 'plugins'),
      RABBITMQ_CONFIG_FILE: join(folder.path, 'none'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-4_000)))
  const ended = once(child, 'exit')
  const uri = `amqp://guest:guest@127.0.0.1:${port}`
  const close = async () => {
    // The whole group: the broker is a program of a shell of a shell.
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM')
    await ended
    spawn('epmd', ['-port', String(names), '-kill'], { stdio: 'ignore' })
    await folder[Symbol.asyncDispose]()
  }
  try {
    await untilItAnswers(uri, () => {
      if (child.exitCode !== null) throw new Error(`RabbitMQ did not start:\n${said}`)
    })
  } catch (error) {
    await close()
    throw error
  }
  return { uri, [Symbol.asyncDispose]: close }
}

async function untilItAnswers(uri: string, check: () => void): Promise<void> {
  const until = Date.now() + START_MS
  while (true) {
    check()
    try {
      const connection = await connect(uri)
      await connection.close()
      return
    } catch (error) {
      if (Date.now() > until) throw error
      await setTimeout(PAUSE_MS)
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('No port')
  return address.port
}
