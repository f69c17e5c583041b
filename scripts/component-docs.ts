import type { FieldView, Manifest, ManifestEntry } from '../src/connector/index.ts'
import { isObject } from '../src/kernel/index.ts'

/** Writes the page that describes every trigger and action, from what the forms know. */
export function componentDocs(manifest: Manifest): string {
  return [
    '# Triggers and actions',
    '',
    'Written from the manifest by `node scripts/generate-component.ts`. A field that is left empty has its default.',
    'Dropdowns marked “from the environment” list what it has, by label and logical name.',
    ...section('Triggers', manifest.triggers),
    ...section('Actions', manifest.actions),
    '',
  ].join('\n')
}

function section(title: string, entries: readonly ManifestEntry[]): readonly string[] {
  return ['', `## ${title}`, ...entries.flatMap(describe)]
}

function describe(entry: ManifestEntry): readonly string[] {
  const { name, title, description, deprecated, fields, kind } = entry
  const rows = Object.entries(fields).map(([key, field]) => fieldRow(key, field))
  const table = ['', '| field | key | required | |', '|---|---|---|---|', ...rows]
  return [
    '',
    `### ${title}`,
    '',
    `\`${name}\`${deprecated ? ', deprecated' : ''}. ${description}`,
    ...(rows.length > 0 ? table : []),
    ...(kind === 'action' ? messageOf('Input', entry.input) : []),
    ...messageOf('Output', entry.output),
  ]
}

function fieldRow(key: string, field: FieldView): string {
  const { label, required, help = '', model, options, default: initial } = field
  const choices = Object.entries(model ?? {}).map(([value, text]) => `\`${value}\` (${text})`)
  const more = [
    help,
    ...(options === undefined ? [] : ['From the environment.']),
    ...(choices.length > 0 ? [`${choices.join(', ')}.`] : []),
    ...(initial === undefined ? [] : [`Default: \`${initial}\`.`]),
  ]
  return `| ${label} | \`${key}\` | ${required ? 'yes' : 'no'} | ${more.filter(Boolean).join(' ')} |`
}

function messageOf(title: string, schema: unknown): readonly string[] {
  if (schema === undefined) return ['', `${title}: described by the form, from the environment.`]
  const { properties, required } = Object(schema)
  const wanted: readonly unknown[] = Array.isArray(required) ? required : []
  const parts = Object.entries(isObject(properties) ? properties : {}).map(([name, one]) => {
    const said = [Object(one).title, Object(one).description].filter(Boolean).join('. ')
    return `\`${name}\`${wanted.includes(name) ? '' : '?'}${said === '' ? '' : ` (${said})`}`
  })
  return parts.length === 0 ? [] : ['', `${title}: ${parts.join(', ')}.`]
}
