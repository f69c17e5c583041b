/** The sandbox's time in ms since 1970: tests move it, no handler asks the machine. */
export interface SandboxClock {
  now(): number
  /** Resolves after that many ms of real time; rejects when aborted. Simulated delays wait with it. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}
