import { CLOUDS } from '../transport/index.ts'

/** Tells whether two addresses are of one sign-in service: the same origin, or aliases in one cloud. */
export function isSameLogin(first: URL, second: URL): boolean {
  if (first.origin === second.origin) return true
  if (first.protocol !== 'https:' || second.protocol !== 'https:') return false
  return CLOUDS.some(
    ({ loginHosts }) => loginHosts.includes(first.host) && loginHosts.includes(second.host),
  )
}
