import { Hono } from 'hono'
import { type Env, frame, gate, type Surroundings } from './frame.ts'
import { addHooks } from './hooks.ts'
import { notFound } from './http-error.ts'
import { LongBodies } from './long-bodies.ts'
import type { Operation } from './operation.ts'
import { answerProblem, serveOperation } from './serve-operation.ts'

/** What the server is made of, besides the operations of the API. */
export interface AppParts {
  readonly operations: readonly Operation[]
  /** Takes what Dataverse sends. */
  readonly triggers: Parameters<typeof addHooks>[1]
  /** Adds the pages for people. */
  readonly pages: (app: Hono<Env>) => void
  /** Shows a failure to a person. */
  readonly failurePage: Parameters<Hono<Env>['onError']>[0]
  /** Asks the store for an answer. */
  readonly ping: () => Promise<void>
}

/** Puts the server together; it needs no socket to be called. */
export function createApp(around: Surroundings, parts: AppParts): Hono<Env> {
  const app = new Hono<Env>()
  app.use(frame(around))
  app.use(gate(around))
  app.get('/healthz', (c) => c.json({ status: 'ok' }))
  app.get('/readyz', async (c) => {
    await parts.ping()
    return c.json({ status: 'ready' })
  })
  const bodies = new LongBodies()
  for (const operation of parts.operations) {
    const { method, path } = operation.route
    app.on(method, path.replace(/\{(\w+)\}/g, ':$1'), serveOperation(operation, around, bodies))
  }
  addHooks(app, parts.triggers)
  parts.pages(app)
  app.notFound(() => {
    throw notFound()
  })
  app.onError((error, c) => {
    const forPeople = !/^\/(api\/|hooks\/|healthz$|readyz$)/.test(c.req.path)
    return forPeople ? parts.failurePage(error, c) : answerProblem(c, error)
  })
  return app
}
