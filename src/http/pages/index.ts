import type { ErrorHandler, Hono } from 'hono'
import type { Hub } from '../hub.ts'
import type { Env, Surroundings } from '../server/frame.ts'
import { readAssets } from './assets.ts'
import { callbackPages } from './callback.ts'
import { docsPages } from './docs.ts'
import { explainPages } from './explain.ts'
import { failurePage } from './failure-page.ts'
import { guidePages } from './guide.ts'
import { homePages } from './home.ts'
import { signInPages } from './sign-in.ts'
import { waitingPages } from './waiting.ts'

/** The pages for people, and the one that a failure ends in. */
export interface Pages {
  readonly add: (app: Hono<Env>) => void
  readonly failure: ErrorHandler<Env>
}

/** Makes the pages. */
export function createPages(around: Surroundings, hub: Hub): Pages {
  const assets = readAssets()
  const parts = { around, frame: { platformName: around.platformName, assets } }
  return {
    add: (app) => {
      assets.serve(app)
      homePages(app, parts, hub)
      signInPages(app, parts, hub.access)
      callbackPages(app, parts, hub)
      waitingPages(app, parts, hub)
      explainPages(app, parts, (text) => hub.connect.explain(text))
      guidePages(app, parts, hub)
      docsPages(app, parts)
    },
    failure: failurePage(parts),
  }
}
