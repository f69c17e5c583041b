import { type Html, html, type Piece } from './html.ts'

const MARKS =
  /`(?<code>[^`]+)`|\*\*(?<bold>[^*]+)\*\*|\*(?<italic>[^*\s](?:[^*]*[^*\s])?)\*|\[(?<label>[^\]]+)\]\((?<target>[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)\)|(?<bare>https?:\/\/[^\s<>()`'"]*[^\s<>()`'".,;:])/g

/** Writes the text of a block: code, bold, italics and links; everything else is escaped. */
export function inline(text: string, resolve: (target: string) => string): Html {
  const pieces: Piece[] = []
  let at = 0
  for (const match of text.matchAll(MARKS)) {
    pieces.push(text.slice(at, match.index), mark(match.groups ?? {}, resolve))
    at = match.index + match[0].length
  }
  pieces.push(text.slice(at))
  return html`${pieces}`
}

/** The id of a heading, as code hosts make it from its text. */
export function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-')
}

function mark(
  groups: { readonly [name: string]: string | undefined },
  resolve: (target: string) => string,
): Html {
  const { code, bold, italic, label, target, bare } = groups
  if (code !== undefined) return html`<code>${code}</code>`
  if (bold !== undefined) return html`<strong>${inline(bold, resolve)}</strong>`
  if (italic !== undefined) return html`<em>${inline(italic, resolve)}</em>`
  if (bare !== undefined) return link(html`${bare}`, bare)
  return link(inline(label ?? '', resolve), resolve(target ?? ''))
}

// Only what can be followed safely becomes a link: no javascript:, no data:.
function link(label: Html, target: string): Html {
  if (/^https?:\/\//.test(target))
    return html`<a href="${target}" rel="noreferrer" target="_blank">${label}</a>`
  return /^(#|\/(?!\/))/.test(target) ? html`<a href="${target}">${label}</a>` : label
}
