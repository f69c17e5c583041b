import type { Verb } from './verb.ts'

/** The page that "fairlead" and "fairlead --help" print. */
export function overview(verbs: readonly Verb[]): string {
  const widest = Math.max(...verbs.map(({ name }) => name.length))
  return [
    'fairlead: connects to Microsoft Dynamics CRM and keeps the connection and the data right',
    '',
    ...verbs.map(({ name, summary }) => `  ${name.padEnd(widest)}  ${summary}`),
    '',
    'Everywhere: --json, --hub <address> (with FAIRLEAD_API_KEY), --help.',
    'Without --hub the hub is started in this process, on the data folder of this machine.',
    'Exit codes: 0 done, 1 failed, 2 not understood, 3 not verified, 4 needs a sign-in, 130 stopped.',
  ].join('\n')
}

/** The page of one verb. */
export function usage({ name, summary, usage: rest }: Verb): string {
  return `fairlead ${name} ${rest}`.trimEnd().concat(`\n\n${summary}.`)
}
