import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Finding, SecretSearch } from './secret-search.ts'
import type { Secrets } from './secrets.ts'

/** A piece of what the hub has given out, and where. */
interface Emitted {
  readonly place: string
  readonly bytes: Uint8Array
}

/** What may be seen where: the one-time display of a key or link, and what a browser itself carries. */
export interface Exception {
  readonly place: RegExp
  readonly kind: string
  readonly why: string
}

export interface Leak extends Finding {
  readonly place: string
}

/** Everything that a hub gives out in a run. */
export class Material {
  readonly #emitted: Emitted[] = []

  add(place: string, text: string | Uint8Array): void {
    this.#emitted.push({ place, bytes: typeof text === 'string' ? Buffer.from(text) : text })
  }

  /** Adds every file below a folder, but for those that are meant to hold secrets. */
  async addFiles(folder: string, except: readonly string[]): Promise<void> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    for (const entry of entries.filter((each) => each.isFile())) {
      const path = join(entry.parentPath, entry.name)
      const name = relative(folder, path)
      if (!except.includes(name)) this.add(`file ${name}`, await readFile(path))
    }
  }

  /** Calls a server as a browser does, and keeps all of its answer. */
  fetch(origin: string, secrets: Secrets): typeof fetch {
    return async (input, init) => {
      const asked = new Request(input, init)
      const url = new URL(asked.url)
      const response = await fetch(asked)
      secrets.gather(url.searchParams)
      const location = URL.parse(response.headers.get('location') ?? '', url.href)
      if (location) secrets.gather(location.searchParams)
      if (url.origin !== origin) return response
      const place = `${asked.method} ${url.pathname.replace(/[\w-]{36,}/g, '*')}`
      const [mine, theirs] = [response, response.clone()]
      for (const [name, value] of mine.headers)
        if (name !== 'set-cookie') this.add(`${place} header ${name}`, value)
      for (const line of mine.headers.getSetCookie()) this.#addCookie(place, line, secrets)
      this.add(`${place} body`, await theirs.text())
      return mine
    }
  }

  // What a cookie only carries along is searched as it is read: the claims of a token are base64 of the same
  // names as the result of a sign-in, and are no secrets.
  #addCookie(place: string, line: string, secrets: Secrets): void {
    const [, name = '', value = '', rest = ''] = /^([^=]+)=([^;]*)(.*)$/.exec(line) ?? []
    const kind = name.replace(/_\d+$|-[\w-]{36}$|_[\w-]{16}$/, '')
    const carried = kind === 'fairlead_result'
    if (!carried && value !== '') secrets.add(kind, value)
    const shown = carried ? Buffer.from(value, 'base64url').toString() : value
    this.add(`${place} cookie ${kind}`, `${name}=${shown}${rest}`)
  }

  get places(): readonly string[] {
    return this.#emitted.map(({ place }) => place)
  }

  /** What was given out in some places only. */
  among(place: RegExp): Material {
    const some = new Material()
    for (const each of this.#emitted) if (place.test(each.place)) some.add(each.place, each.bytes)
    return some
  }

  /** Searches everything; what an exception permits is no leak. */
  search(search: SecretSearch, exceptions: readonly Exception[]): readonly Leak[] {
    return this.#emitted.flatMap(({ place, bytes }) => {
      const here = exceptions.filter((exception) => exception.place.test(place))
      const permitted = new Set(here.map(({ kind }) => kind))
      return search.find(bytes, permitted).map((finding) => ({ place, ...finding }))
    })
  }
}
