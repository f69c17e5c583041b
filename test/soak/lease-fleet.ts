import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/** What a hub process answered when it was asked for a token. */
export interface Reply {
  readonly token?: string
  readonly code?: string
  readonly problem?: string
}

const PROGRAM = join(import.meta.dirname, 'lease-worker.ts')
const PATIENCE_MS = 60_000

/** One hub process of the fleet. */
export class Hub {
  readonly name: string
  readonly #child: ChildProcess
  readonly #waiting = new Map<string, (reply: Reply) => void>()

  private constructor(name: string, child: ChildProcess) {
    this.name = name
    this.#child = child
    child.on('message', (message: Reply & { readonly credentialId: string }) => {
      const { credentialId, ...reply } = message
      this.#waiting.get(credentialId)?.(reply)
      this.#waiting.delete(credentialId)
    })
  }

  static async start(
    name: string,
    args: { readonly databaseUrl: string; readonly origin: string; readonly times: number[] },
  ): Promise<Hub> {
    const { databaseUrl, origin, times } = args
    const child = fork(PROGRAM, [databaseUrl, origin, name, ...times.map(String)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    const hub = new Hub(name, child)
    await hub.#reply('')
    return hub
  }

  /** Asks for a Credential's token. */
  ask(credentialId: string): Promise<Reply> {
    const reply = this.#reply(credentialId)
    this.#child.send(credentialId)
    return reply
  }

  stop(): void {
    this.#child.kill('SIGSTOP')
  }

  go(): void {
    this.#child.kill('SIGCONT')
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const gone = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await gone
  }

  #reply(credentialId: string): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const late = () => reject(new Error(`${this.name} did not answer`))
      const timer = setTimeout(late, PATIENCE_MS)
      // Whoever is killed answers nothing; the round does not wait for it.
      const gone = () => clearTimeout(timer)
      this.#child.once('exit', gone)
      this.#waiting.set(credentialId, (reply) => {
        clearTimeout(timer)
        this.#child.off('exit', gone)
        resolve(reply)
      })
    })
  }
}
