import { createHash } from 'node:crypto'
import type { Random } from '../store/random.ts'
import type { LimitSettings } from './settings.ts'

/** The web servers of an organization, told apart by the affinity cookie that each one sets. */
export class WebServers {
  readonly #organization: string
  readonly #random: Random
  readonly #affinities: string[] = []
  #next = 0

  constructor(organization: string, random: Random) {
    this.#organization = organization
    this.#random = random
  }

  /** The server that a request goes to: the one of its cookie, or any. */
  choose(cookies: string | undefined, settings: LimitSettings): number {
    const wanted = /(?:^|;\s*)ARRAffinity=([0-9a-f]+)/.exec(cookies ?? '')?.[1]
    for (let server = 0; wanted !== undefined && server < settings.webServers; server += 1) {
      if (this.affinity(server) === wanted) return server
    }
    if (settings.routing === 'random') return this.#random.below(settings.webServers)
    this.#next = (this.#next + 1) % settings.webServers
    return this.#next
  }

  affinity(server: number): string {
    const known = this.#affinities[server]
    if (known !== undefined) return known
    const made = createHash('sha256').update(`${this.#organization} ${server}`).digest('hex')
    this.#affinities[server] = made
    return made
  }
}
