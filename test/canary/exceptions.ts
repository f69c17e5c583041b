import type { Exception } from './material.ts'

/** The only places where a secret may be seen: where it is shown once, and where a browser carries it. */
export const exceptions: readonly Exception[] = [
  { place: /^serve stderr$/, kind: 'set-up token', why: 'shown once, to who started the hub' },
  { place: /^users reset stdout$/, kind: 'set-up token', why: 'shown once, to the operator' },
  { place: /^POST \/api\/v1\/api-keys body$/, kind: 'API key', why: 'shown once, to its maker' },
  { place: /^POST \S+\/flows body$/, kind: 'ticket', why: 'shown once, to be opened' },
  {
    place: /^GET \/connect\/\* header location$/,
    kind: 'state',
    why: 'the browser takes it to Microsoft and back',
  },
  { place: / cookie fairlead_session$/, kind: 'fairlead_session', why: 'the browser keeps it' },
  {
    place: /^GET \/connect\/\* cookie fairlead-flow$/,
    kind: 'fairlead-flow',
    why: 'the browser keeps it',
  },
]
