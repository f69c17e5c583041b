import { Html, html } from './html.ts'
import { copyButton } from './layout.ts'
import { inline, slug } from './markdown-inline.ts'

/** How links of a document are followed from where it is shown. */
export type ResolveLink = (target: string) => string

/**
 * Writes a Markdown document as HTML: headings, paragraphs, lists of one level, tables, fenced code, and
 * within them bold, italics, code and links. Anything else stays text: no HTML of the document gets through.
 */
export function renderMarkdown(source: string, resolve: ResolveLink): Html {
  const lines = source.replaceAll('\r\n', '\n').split('\n')
  const written: Html[] = []
  let code = 0
  for (let at = 0; at < lines.length; ) {
    const block = readBlock(lines, at)
    at += block.length
    if (block.kind === 'code') code += 1
    written.push(writeBlock(block, resolve, `code-${code}`))
  }
  return html`${written}`
}

interface Block {
  readonly kind: 'blank' | 'heading' | 'code' | 'table' | 'ul' | 'ol' | 'text'
  readonly lines: readonly string[]
  /** How many lines of the source it takes. */
  readonly length: number
}

const STARTS: readonly (readonly [Block['kind'], RegExp])[] = [
  ['blank', /^\s*$/],
  ['heading', /^#{1,6} /],
  ['code', /^```/],
  ['table', /^\|/],
  ['ul', /^[-*] /],
  ['ol', /^\d+\. /],
]

function kindOf(line: string): Block['kind'] {
  return STARTS.find(([, start]) => start.test(line))?.[0] ?? 'text'
}

function readBlock(lines: readonly string[], at: number): Block {
  const kind = kindOf(lines[at] ?? '')
  let end = at + 1
  if (kind === 'code') {
    while (end < lines.length && !/^```\s*$/.test(lines[end] ?? '')) end += 1
    return { kind, lines: lines.slice(at + 1, end), length: end + 1 - at }
  }
  if (kind !== 'blank' && kind !== 'heading')
    while (end < lines.length && belongs(kind, lines[end] ?? '')) end += 1
  return { kind, lines: lines.slice(at, end), length: end - at }
}

function belongs(kind: Block['kind'], line: string): boolean {
  const next = kindOf(line)
  if (kind === 'ul' || kind === 'ol') return next === kind || (next === 'text' && /^\s/.test(line))
  return next === kind
}

function writeBlock(block: Block, resolve: ResolveLink, codeId: string): Html {
  const [first = ''] = block.lines
  switch (block.kind) {
    case 'blank':
      return html``
    case 'heading':
      return writeHeading(first, resolve)
    case 'code':
      return html`<div class="copy"><pre tabindex="0"><code id="${codeId}">${block.lines.join('\n')}</code></pre>${copyButton(codeId)}</div>\n`
    case 'table':
      return writeTable(block.lines, resolve)
    case 'ul':
      return html`<ul>${items(block.lines, /^[-*] /, resolve)}</ul>\n`
    case 'ol':
      return html`<ol>${items(block.lines, /^\d+\. /, resolve)}</ol>\n`
    default:
      return html`<p>${inline(block.lines.join('\n'), resolve)}</p>\n`
  }
}

function writeHeading(line: string, resolve: ResolveLink): Html {
  const level = line.indexOf(' ')
  const text = line.slice(level + 1).trim()
  const content = html` id="${slug(text)}">${inline(text, resolve)}`
  return new Html(`<h${level}${content}</h${level}>\n`)
}

function items(lines: readonly string[], start: RegExp, resolve: ResolveLink): readonly Html[] {
  const texts: string[] = []
  for (const line of lines) {
    if (start.test(line)) texts.push(line.replace(start, ''))
    else texts.push(`${texts.pop() ?? ''}\n${line.trim()}`)
  }
  return texts.map((text) => html`<li>${inline(text, resolve)}</li>`)
}

function writeTable(lines: readonly string[], resolve: ResolveLink): Html {
  const rows = lines.map((line) =>
    line
      .replace(/^\||\|\s*$/g, '')
      .split(/(?<!\\)\|/)
      .map((cell) => inline(cell.replaceAll('\\|', '|').trim(), resolve)),
  )
  const [head = [], , ...body] = rows
  return html`<div class="scroll" tabindex="0"><table><thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>${body.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>\n`)}</tbody></table></div>\n`
}
