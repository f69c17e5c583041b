/** The cookies of a browser, apart for every host. */
export interface CookieJar {
  /** What is sent to a host: the `Cookie` header, or nothing. */
  headerFor(hostname: string): { readonly cookie?: string }
  /** Takes in the `Set-Cookie` lines of a host's answer. */
  keep(hostname: string, lines: readonly string[]): void
  of(hostname: string): Readonly<Record<string, string>>
}

export function createCookieJar(): CookieJar {
  const hosts = new Map<string, Map<string, string>>()
  const cookiesOf = (hostname: string) => {
    const cookies = hosts.get(hostname) ?? new Map<string, string>()
    hosts.set(hostname, cookies)
    return cookies
  }
  return {
    headerFor: (hostname) => {
      const cookie = [...cookiesOf(hostname)].map(([name, value]) => `${name}=${value}`).join('; ')
      return cookie === '' ? {} : { cookie }
    },
    keep: (hostname, lines) => {
      for (const line of lines) keepCookie(cookiesOf(hostname), line)
    },
    of: (hostname) => Object.fromEntries(cookiesOf(hostname)),
  }
}

function keepCookie(cookies: Map<string, string>, line: string): void {
  const [, name = '', value = ''] = /^\s*([^=;]+)=([^;]*)/.exec(line) ?? []
  const expires = /;\s*expires=([^;]+)/i.exec(line)?.[1]
  const gone =
    /;\s*max-age=(0|-\d+)\s*(;|$)/i.test(line) || (expires && Date.parse(expires) <= Date.now())
  if (gone) cookies.delete(name)
  else cookies.set(name, value)
}
