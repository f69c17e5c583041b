import { aadsts } from './aadsts.ts'
import type { App, RedirectUri } from './model.ts'

/**
 * Finds the registered redirect that a request names, to the character.
 * The port of http loopback redirects does not count.
 * @throws AADSTS50011 none matches, 900971 none registered
 */
export function matchRedirect(app: App, requested: string | undefined): RedirectUri {
  const [first] = app.redirectUris
  if (!first) throw aadsts(900971)
  if (requested === undefined) return first
  const key = comparable(requested)
  const match = app.redirectUris.find((one) => comparable(one.uri) === key)
  if (!match) throw aadsts(50011, { uri: requested, appId: app.appId })
  return { platform: match.platform, uri: requested }
}

function comparable(uri: string): string {
  return uri.replace(/^(http:\/\/(?:localhost|127\.0\.0\.1))(?::\d{1,5})?(?=\/|\?|$)/, '$1')
}
