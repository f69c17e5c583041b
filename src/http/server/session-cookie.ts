import { Secret } from '../../kernel/index.ts'

/** The cookie that carries a session: its name and how it is set. */
export interface SessionCookie {
  readonly name: string
  read(header: string | undefined): Secret | undefined
  set(token: Secret, maxAgeSeconds: number): string
  clear(): string
}

/**
 * Makes the session cookie of a hub: bound to host and TLS by its prefix on https; on http, that is on this
 * machine, named after the port, since cookies do not tell ports apart.
 *
 * @see https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Set-Cookie#cookie_prefixes
 */
export function sessionCookie(publicUrl: URL): SessionCookie {
  const secure = publicUrl.protocol === 'https:'
  const name = secure ? '__Host-fairlead_session' : `fairlead_session_${publicUrl.port || '80'}`
  const attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`
  return {
    name,
    read: (header) => {
      const value = readCookie(header, name)
      return value !== undefined && /^[\w-]{43}$/.test(value) ? new Secret(value) : undefined
    },
    set: (token, maxAgeSeconds) =>
      `${name}=${token.reveal()}; Max-Age=${maxAgeSeconds}; ${attributes}`,
    clear: () => `${name}=; Max-Age=0; ${attributes}`,
  }
}

/** Reads one cookie of a Cookie header. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const pair of (header ?? '').split(';')) {
    const [key, ...rest] = pair.split('=')
    if (key?.trim() === name) return rest.join('=').trim()
  }
  return undefined
}
