import { commonOptions, hubOptions, optionsOf, type Verb } from './verb.ts'
import { labelled, type View, wrap } from './view.ts'

/** The page that "fairlead" and "fairlead --help" print. */
export function overview(verbs: readonly Verb[], view: View): string {
  return [
    ...wrap(
      'fairlead: connects to Microsoft Dynamics CRM and keeps the connection and the data right',
      view,
      0,
    ),
    '',
    ...columns(
      verbs.flatMap(({ name, summary }) => (isShort(name, verbs) ? [] : [[name, summary]])),
      view,
    ),
    '',
    'Everywhere:',
    ...optionLines({ ...hubOptions, ...commonOptions }, view),
    '',
    ...wrap(
      'Without --hub (or FAIRLEAD_HUB) the hub is started in this process, on the data folder of this machine.',
      view,
      0,
    ),
    ...wrap(
      'Exit codes: 0 done, 1 failed, 2 not understood, 3 not verified, 4 not signed in, 130 stopped.',
      view,
      0,
    ),
  ].join('\n')
}

/** The page of one verb. */
export function page(verb: Verb, view: View): string {
  return [
    ...labelled('', `fairlead ${verb.name} ${verb.usage}`.trimEnd(), view),
    '',
    ...wrap(`${verb.summary}.`, view, 0),
    '',
    ...optionLines(optionsOf(verb), view),
  ].join('\n')
}

// `credentials` is short for `credentials list`, which is there too.
function isShort(name: string, verbs: readonly Verb[]): boolean {
  return verbs.some((other) => other.name === `${name} list`)
}

function optionLines(options: ReturnType<typeof optionsOf>, view: View): readonly string[] {
  return columns(
    Object.entries(options).map(([name, { value, what }]) => [
      `--${name}${value === undefined ? '' : ` ${value}`}`,
      what,
    ]),
    view,
  )
}

function columns(rows: readonly (readonly [string, string])[], view: View): readonly string[] {
  const widest = Math.max(...rows.map(([left]) => left.length))
  return rows.flatMap(([left, right]) => labelled(`  ${left.padEnd(widest)}  `, right, view))
}
