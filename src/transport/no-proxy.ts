/**
 * Tells whether `NO_PROXY` exempts an address: entries are host names (which cover their subdomains),
 * `host:port`, IP literals, or `*` for everything.
 */
export function bypassesProxy(noProxy: string, host: string, port: number): boolean {
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => covers(entry, host.toLowerCase(), port))
}

function covers(entry: string, host: string, port: number): boolean {
  if (entry === '*') return true
  const [, name = entry, onlyPort] = /^(.*?):(\d+)$/.exec(bareV6(entry) ? '' : entry) ?? []
  if (onlyPort !== undefined && Number(onlyPort) !== port) return false
  const domain = name.replace(/^\*?\./, '').replace(/^\[|\]$/g, '')
  return host === domain || host.endsWith(`.${domain}`)
}

function bareV6(entry: string): boolean {
  return !entry.startsWith('[') && entry.split(':').length > 2
}
