import type { Explanation, Json, Who } from '../../kernel/index.ts'
import { type Html, html } from './html.ts'
import { facts } from './layout.ts'

/** A failure as a page shows it. */
export interface Told extends Pick<Explanation, 'what' | 'why' | 'remedy' | 'who'> {
  readonly code: string
  readonly facts?: Readonly<Record<string, Json>>
}

const WHO: Readonly<Record<Who, string>> = {
  you: 'You can do this yourself.',
  'entra-administrator': 'An administrator of your directory (Microsoft Entra ID) can do this.',
  'crm-administrator': 'An administrator of the CRM environment can do this.',
  operator: 'Whoever runs this hub can do this.',
  microsoft: 'Only Microsoft can do this.',
  fairlead: 'This is a fault of the program; its makers want to know of it.',
}

/** Says what to do and who can do it, and offers to do it where that is possible. */
export function remedyView({ remedy, who }: Pick<Told, 'remedy' | 'who'>, offer?: Html): Html {
  return html`<section class="card"><h2>What to do</h2>
<p>${remedy}</p>
<p class="muted small">${WHO[who]}</p>
${offer}
</section>`
}

const LABELS: Readonly<Record<string, string>> = {
  requestId: 'Request id',
  traceId: 'Trace ID',
  correlationId: 'Correlation ID',
  timestamp: 'Timestamp',
  errorCode: 'Microsoft’s code',
  flowId: 'Flow',
}

/** Folds away what an administrator or Microsoft's support asks for. */
export function detailsView({ code, facts: known = {} }: Pick<Told, 'code' | 'facts'>): Html {
  const rows = Object.entries(known)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => [LABELS[name] ?? name, html`<code>${show(value)}</code>`] as const)
  return html`<details class="card"><summary>Technical details</summary>
${facts([['Code', html`<code>${code}</code>`], ...rows])}
</details>`
}

function show(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
