import { readFileSync, writeFileSync } from 'node:fs'

// Draws what a terminal showed, colours included, as a picture for the README:
//   FORCE_COLOR=1 npm start > out.txt, then: node scripts/picture.ts out.txt docs/start.svg
const [from, to] = process.argv.slice(2)
if (from === undefined || to === undefined) throw new Error('Name the text and the picture.')

const columns = 118
const cell = { width: 8.4, height: 19 }
const colours: Readonly<Record<string, string>> = {
  1: 'font-weight="bold"',
  2: 'fill="#8b949e"',
  31: 'fill="#ff7b72"',
  32: 'fill="#56d364"',
  33: 'fill="#e3b341"',
}

const lines = readFileSync(from, 'utf8')
  .trimEnd()
  .split('\n')
  .map(
    (line) =>
      line
        .split('\r\u001b[K')
        .at(-1)
        ?.slice(0, columns + 20) ?? '',
  )
const height = lines.length * cell.height + 40
const rows = lines.map((line, index) => row(line, 34 + index * cell.height))
writeFileSync(
  to,
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${columns * cell.width + 32} ${height}" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14">
<title>What npm start shows in a terminal</title>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
${rows.join('\n')}
</svg>
`,
)

function row(line: string, y: number): string {
  const [plain = '', ...painted] = line.split('\u001b[')
  const parts = painted.map((part) => /^(\d+)m(.*)$/.exec(part) ?? [])
  const spans = [span('', plain), ...parts.map(([, code = '', text = '']) => span(code, text))]
  return `<text x="16" y="${y}" fill="#e6edf3" xml:space="preserve">${spans.join('')}</text>`
}

function span(code: string, text: string): string {
  const shown = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return text === '' ? '' : `<tspan ${colours[code] ?? ''}>${shown}</tspan>`
}
