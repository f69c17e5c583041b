import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CATALOGUE,
  type CatalogueChapter,
  type CatalogueEntry,
} from '../src/oauth/catalogue/index.ts'
import { root } from './command.ts'
import { type OwnCodes, ownCodes } from './own-error-codes.ts'
import { type CodeText, codeTexts, fieldTexts } from './own-error-texts.ts'

const WHO: Readonly<Record<CatalogueEntry['who'], string>> = {
  you: 'you',
  'entra-administrator': 'an administrator of Entra ID',
  'crm-administrator': 'an administrator of the environment',
  operator: 'the operator of Fairlead',
  microsoft: 'Microsoft',
  fairlead: 'Fairlead itself',
}

const AFFECTS: Readonly<Record<CatalogueEntry['affects'], string>> = {
  transient: 'this call',
  credential: 'this Credential',
  'auth-client': 'every Credential of the Auth Client',
  configuration: 'what was asked or entered',
}

/** Writes docs/errors.md from the catalogue and from the codes in the sources. */
export function errorsPage(): string {
  return [
    '# Errors',
    '',
    'This page is generated from the error catalogue by `scripts/generate-errors.ts`.',
    '`fairlead explain <code or text>` answers with the same explanations, filled in with your own values.',
    'Words in braces, such as `{redirectUri}`, stand for them.',
    '',
    ...CATALOGUE.flatMap(chapter),
    '## Codes of Fairlead',
    '',
    'Each comes with what happened, why, what to do and who can do it; the codes are stable.',
    '',
    ...ownCodes().flatMap(room),
    '',
    '## Fields of triggers and actions',
    '',
    'A field that cannot be used is named in `facts.field`: `invalid_field`, `missing_field`, `unknown_column`,',
    '`unknown_table` and, for a column of a row, `invalid_row`; always for the caller to put right. The hub answers',
    'with the status 422, the command line ends with 1. “…” stands for names and limits that are filled in.',
    '',
    '| the field cannot be used: | what to do |',
    '| --- | --- |',
    ...fieldTexts().map(({ problem, remedy }) => `| ${cell(problem)} | ${cell(remedy)} |`),
    '',
    'Others have a code of their own:',
    '',
    ...codeTexts().flatMap(codeText),
  ].join('\n')
}

function codeText({ code, what, problem, remedy }: CodeText): string[] {
  return [`- \`${code}\`: ${prose(what)} Why: ${prose(problem)} Remedy: ${prose(remedy)}`]
}

function cell(text: string): string {
  return prose(text).replaceAll('|', '\\|').replaceAll('\n', ' ')
}

function chapter({ title, kind, entries }: CatalogueChapter): string[] {
  const source = { entra: 'Entra ID', dataverse: 'Dataverse', oauth: 'OAuth' }[kind]
  return [`## ${source}: ${title}`, '', ...groups(entries).flatMap((same) => section(kind, same))]
}

// Codes with the same text share a section.
function groups(entries: readonly CatalogueEntry[]): readonly (readonly CatalogueEntry[])[] {
  const byText = new Map<string, CatalogueEntry[]>()
  for (const entry of entries) {
    const same = byText.get(entry.what + entry.remedy)
    if (same) same.push(entry)
    else byText.set(entry.what + entry.remedy, [entry])
  }
  return [...byText.values()]
}

function section(kind: CatalogueChapter['kind'], same: readonly CatalogueEntry[]): string[] {
  const [entry] = same
  if (!entry) return []
  const prefix = kind === 'entra' ? 'AADSTS' : ''
  const heading = same
    .map(({ code, name }) => `${prefix}${code}${name === undefined ? '' : ` ${name}`}`)
    .join(', ')
  return [
    `### ${heading}`,
    '',
    prose(entry.what),
    '',
    `- Why: ${prose(entry.why)}`,
    `- Remedy: ${prose(entry.remedy)}`,
    `- Who: ${WHO[entry.who]}. Again: ${again(entry)}. Affects: ${AFFECTS[entry.affects]}.`,
    '',
  ]
}

function again({ retry }: CatalogueEntry): string {
  if (retry.when === 'never') return 'only after a change'
  if (retry.when === 'once') return 'once'
  return retry.afterMs === undefined ? 'later' : `after ${retry.afterMs / 60_000} minutes`
}

function room({ title, codes }: OwnCodes): string[] {
  return [`- ${title}: ${codes.map((code) => `\`${code}\``).join(', ')}`]
}

function prose(text: string): string {
  return text.replace(/\{(\w+)\}/g, '`{$1}`').replace(/</g, '&lt;')
}

const target = join(root, 'docs', 'errors.md')

if (process.argv[1] === import.meta.filename) {
  const page = `${errorsPage()}\n`
  if (!process.argv.includes('--check')) writeFileSync(target, page)
  else if (!existsSync(target) || readFileSync(target, 'utf8') !== page) {
    console.error(
      'docs/errors.md is not current: run node bin/with-node.cjs scripts/generate-errors.ts',
    )
    process.exitCode = 1
  }
}
