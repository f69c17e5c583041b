import type { Assets } from './assets.ts'
import { type Html, html, type Piece } from './html.ts'

/** What every page shows around its content. */
export interface Frame {
  readonly platformName: string
  readonly assets: Assets
}

export interface PageOptions {
  readonly title: string
  readonly width?: 'narrow' | 'reading'
  /** Whether somebody is signed in: then there is a way out. */
  readonly signedIn?: boolean
  readonly head?: Html
}

const MARK = html`<svg width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor"
  stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><circle cx="6"
  cy="6" r="3"/><circle cx="18" cy="18" r="3"/><path d="M6 9v3a6 6 0 0 0 6 6h3"/></svg>`

/** Writes a whole page. */
export function page(frame: Frame, options: PageOptions, content: Piece): Html {
  const { platformName, assets } = frame
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${options.title} · ${platformName}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${assets.style}">
<script type="module" src="${assets.script}"></script>
${options.head}
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header class="top"><div>
<a class="brand" href="/">${MARK}<span>${platformName}</span></a>
<a href="/guide">Guide</a>
<a href="/explain">Explain an error</a>
<a href="/docs">API</a>
${options.signedIn === true && html`<form method="post" action="/logout"><button>Sign out</button></form>`}
</div></header>
<main id="content" class="${options.width}">
${content}
</main>
<footer>${platformName === 'Fairlead' ? '' : 'Runs on '}Fairlead, the open, self-hosted hub for Microsoft Dynamics CRM</footer>
</body>
</html>
`
}

/** A value to take along: shown whole, with a button to copy it where there is a script. */
export function copyField(id: string, text: string): Html {
  return html`<div class="copy"><code id="${id}">${text}</code>${copyButton(id)}</div>`
}

/** The button that copies an element's text. */
export function copyButton(id: string): Html {
  return html`<button type="button" class="quiet" data-copy="${id}" data-done="Copied" hidden>Copy</button>`
}

/** A list of names and values; what has no value is left out. */
export function facts(pairs: readonly (readonly [name: string, value: Piece])[]): Html {
  const known = pairs.filter(([, value]) => value !== undefined && value !== '')
  return html`<dl class="facts">${known.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`
}

const SHAPES = {
  good: 'M5 12.5l4.5 4.5L19 7.5',
  bad: 'M7 7l10 10M17 7L7 17',
  wait: 'M12 7.5V12l3 2M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18',
} as const

/** The head of a page that tells an outcome. */
export function outcome(kind: keyof typeof SHAPES, title: string, text: Piece): Html {
  return html`<div class="outcome" role="status">
<span class="mark ${kind}"><svg width="24" height="24" viewBox="0 0 24 24" fill="none"
  stroke="currentColor" stroke-width="2.5" stroke-linecap="round" stroke-linejoin="round"
  aria-hidden="true"><path d="${SHAPES[kind]}"/></svg></span>
<div><h1>${title}</h1><p class="muted">${text}</p></div>
</div>`
}
