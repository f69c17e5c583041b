import type { ErrorHandler } from 'hono'
import type { Env } from '../server/frame.ts'
import { logFailure } from '../server/serve-operation.ts'
import { toProblem } from '../server/to-problem.ts'
import { detailsView, remedyView } from './explanation-view.ts'
import { html } from './html.ts'
import { outcome, page } from './layout.ts'
import { type PageParts, respond } from './respond.ts'

/** Makes the page that any failure of a page ends in; who is not signed in is sent to sign in. */
export function failurePage({ frame }: PageParts): ErrorHandler<Env> {
  return function fail(error, c) {
    const problem = toProblem(error, c.get('requestId'))
    logFailure(c, error, problem.status)
    if (problem.code === 'not_signed_in' && c.req.method === 'GET')
      return c.redirect(`/login?next=${encodeURIComponent(c.req.path)}`, 303)
    const { requestId } = problem
    return respond(
      c,
      page(
        frame,
        { title: problem.what, width: 'reading' },
        html`${outcome('bad', problem.what, problem.why)}
${remedyView(problem)}
${detailsView({ code: problem.code, facts: { ...problem.facts, requestId } })}`,
      ),
      problem.status,
    )
  }
}
