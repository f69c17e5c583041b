import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { renderMarkdown } from './markdown.ts'

const render = (source: string) => String(renderMarkdown(source, (target) => target))

test('headings carry the ids that links of the document name', () => {
  assert.equal(
    render('## The same by a script'),
    '<h2 id="the-same-by-a-script">The same by a script</h2>\n',
  )
})

test('a list item goes on in an indented line', () => {
  assert.equal(render('- one\n  more\n- two'), '<ul><li>one\nmore</li><li>two</li></ul>\n')
})

test('a table keeps its cells, also with an escaped bar', () => {
  const written = render('| a | b |\n|---|---|\n| `x` | 1 \\| 2 |')
  assert.match(written, /<th scope="col">a<\/th><th scope="col">b<\/th>/)
  assert.match(written, /<td><code>x<\/code><\/td><td>1 \| 2<\/td>/)
})

test('code is shown as it is, with nothing in it read', () => {
  assert.match(
    render('```sh\na **b** <c>\n```'),
    /<code id="code-1">a \*\*b\*\* &#60;c&#62;<\/code>/,
  )
})

test('a link to a script is text', () => {
  assert.equal(render('[here](javascript:alert)'), '<p>here</p>\n')
  assert.equal(render('[here](//evil.example)'), '<p>here</p>\n')
})

test('whatever a document holds, no element or attribute of its own gets through', () => {
  const nasty = fc.array(
    fc.constantFrom(
      '<script>',
      '"',
      '`',
      '*',
      '**',
      '[',
      '](',
      ')',
      '|',
      '\n',
      '# ',
      '- ',
      'a',
      ' onload=x',
    ),
    { maxLength: 25 },
  )
  fc.assert(
    fc.property(nasty, (parts) => {
      const written = render(parts.join(''))
      assert.doesNotMatch(written, /<script|<[a-z0-9]+[^>"]* onload=/)
    }),
    { numRuns: 300 },
  )
})
