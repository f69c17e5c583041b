import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { root } from './command.ts'

/** What is said of a field that cannot be used, and what to do about it. */
export interface FieldText {
  readonly problem: string
  readonly remedy: string
}

/** An error with a code of its own, as its source says it. */
export interface CodeText extends FieldText {
  readonly code: string
  readonly what: string
}

// Which argument of a call says what is wrong, and which what to do.
const CALLS: Readonly<Record<string, readonly [problem: number, remedy: number]>> = {
  invalidArgument: [1, 2],
  invalidField: [1, 2],
  Refusal: [0, 1],
}
const MISSING = 'it is missing'

/** Reads the texts of the fields from the sources that make them; what is filled in stands as “…”. */
export function fieldTexts(): readonly FieldText[] {
  const found = sources().flatMap((source) =>
    nodesOf(source).flatMap((node) => textsAt(node, source)),
  )
  // Where all of a text is filled in, its parts stand elsewhere.
  const told = found.filter(({ problem, remedy }) => /\p{L}/u.test(problem) && remedy !== '…')
  const byText = new Map(told.map((one) => [`${one.problem}|${one.remedy}`, one]))
  return [...byText.values()].toSorted((a, b) =>
    `${a.problem} ${a.remedy}`.localeCompare(`${b.problem} ${b.remedy}`, 'en'),
  )
}

/** Reads the errors of the connector that have a code of their own. */
export function codeTexts(): readonly CodeText[] {
  const found = sources().flatMap((source) =>
    nodesOf(source).flatMap((node) => {
      if (!ts.isNewExpression(node) || node.expression.getText(source) !== 'ConnectorError')
        return []
      const [code, details] = node.arguments ?? []
      if (code === undefined || !ts.isStringLiteral(code) || details === undefined) return []
      const say = (name: string) => first(textsOf(propertyOf(details, name), source))
      return [{ code: code.text, what: say('what'), problem: say('why'), remedy: say('remedy') }]
    }),
  )
  const own = found.filter(({ code }) => code !== 'invalid_field')
  return own.toSorted((a, b) => a.code.localeCompare(b.code, 'en'))
}

function sources(): readonly ts.SourceFile[] {
  const folder = join(root, 'src')
  return globSync('{connector,dataverse}/**/*.ts', { cwd: folder })
    .filter((path) => !path.endsWith('.test.ts'))
    .toSorted()
    .map((path) =>
      ts.createSourceFile(path, readFileSync(join(folder, path), 'utf8'), ts.ScriptTarget.Latest),
    )
}

function nodesOf(source: ts.SourceFile): readonly ts.Node[] {
  const nodes: ts.Node[] = []
  const visit = (node: ts.Node) => {
    nodes.push(node)
    ts.forEachChild(node, visit)
  }
  visit(source)
  return nodes
}

function textsAt(node: ts.Node, source: ts.SourceFile): readonly FieldText[] {
  if (ts.isPropertyAssignment(node) && node.name.getText(source) === 'error') {
    // A declaration says what belongs into its field.
    return textsOf(node.initializer, source)
      .filter((wanted) => source.fileName.startsWith('connector') && /\p{L}/u.test(wanted))
      .map((wanted) => ({ problem: `it is not ${wanted}`, remedy: `Give ${wanted}.` }))
  }
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return []
  const name = node.expression.getText(source)
  if (name === 'missingField') {
    return textsOf(node.arguments?.[1], source).map((remedy) => ({ problem: MISSING, remedy }))
  }
  const [problemAt, remedyAt] = CALLS[name] ?? []
  if (problemAt === undefined || remedyAt === undefined) return []
  const remedies = textsOf(node.arguments?.[remedyAt], source)
  return textsOf(node.arguments?.[problemAt], source).flatMap((problem) =>
    problem === '…' ? [] : remedies.map((remedy) => ({ problem, remedy })),
  )
}

/** The texts that an expression may be; what it is filled with is not known here. */
function textsOf(node: ts.Node | undefined, source: ts.SourceFile): readonly string[] {
  if (node === undefined) return ['…']
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return [node.text]
  if (ts.isTemplateExpression(node)) {
    return [node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('')]
  }
  if (ts.isConditionalExpression(node)) {
    return [...textsOf(node.whenTrue, source), ...textsOf(node.whenFalse, source)]
  }
  if (ts.isIdentifier(node)) {
    const declared = nodesOf(source).find(
      (one): one is ts.VariableDeclaration =>
        ts.isVariableDeclaration(one) && one.name.getText(source) === node.text,
    )
    return declared?.initializer === undefined ? ['…'] : textsOf(declared.initializer, source)
  }
  return ['…']
}

function propertyOf(node: ts.Node, name: string): ts.Node | undefined {
  if (!ts.isObjectLiteralExpression(node)) return undefined
  for (const property of node.properties) {
    if (!ts.isPropertyAssignment(property) || !ts.isIdentifier(property.name)) continue
    if (property.name.text === name) return property.initializer
  }
  return undefined
}

function first(texts: readonly string[]): string {
  return texts[0] ?? '…'
}
