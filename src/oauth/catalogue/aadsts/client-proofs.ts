import type { CatalogueEntry } from '../entry.ts'
import { several } from '../several.ts'

const NEVER = { when: 'never' } as const

/** Failures of the secret or certificate by which the app proves itself. */
export const clientProofEntries: readonly CatalogueEntry[] = [
  ...several(['7000215', ['70002', 'InvalidClient']], {
    what: 'The client secret is wrong.',
    why: 'The portal shows two columns for a secret: "Value" is the secret, "Secret ID" is only its name. The Value is shown once, right after it was made; later it cannot be read again.',
    remedy:
      'In {portal} open App registrations, the app with the id {clientId}, "Certificates & secrets", make a new client secret, and copy its Value (not the Secret ID) and its expiry date into the Auth Client. Credentials stay connected.',
    who: 'you',
    retry: NEVER,
    affects: 'auth-client',
  }),
  {
    code: '50012',
    name: 'AuthenticationFailed',
    what: 'The app could not prove itself: its secret or the signature of its certificate was refused.',
    why: 'The secret is wrong, or the certificate in use is not (or no longer) uploaded to the app.',
    remedy:
      'With a secret: make a new one under "Certificates & secrets" and copy its Value. With a certificate: upload the one whose thumbprint is {thumbprint}. Both are in {portal}, App registrations, the app with the id {clientId}.',
    who: 'you',
    retry: NEVER,
    affects: 'auth-client',
  },
  {
    code: '7000222',
    name: 'InvalidClientSecretExpiredKeysProvided',
    what: 'The client secret has expired.',
    why: 'Every client secret ends on the date chosen when it was made, after 24 months at most.',
    remedy:
      'In {portal} open App registrations, the app with the id {clientId}, "Certificates & secrets", make a new client secret, and save its Value and expiry date in the Auth Client. Nobody has to sign in or consent again.',
    who: 'you',
    retry: NEVER,
    affects: 'auth-client',
  },
  {
    code: '7000218',
    what: 'The app sent neither a secret nor a certificate, and Entra ID demands one.',
    why: 'The Auth Client holds no secret; or, with a device code, the app registration does not allow public client flows.',
    remedy:
      'Save a client secret in the Auth Client. For device codes: in {portal} open App registrations, the app, Authentication, and set "Allow public client flows" to Yes.',
    who: 'you',
    retry: NEVER,
    affects: 'auth-client',
  },
  ...several(['700027', '700030', '1000502'], {
    what: 'The certificate of the app was refused.',
    why: 'It has not been uploaded to the app registration, was removed there, or is outside its period of validity.',
    remedy:
      'In {portal} open App registrations, the app with the id {clientId}, "Certificates & secrets", "Certificates", and upload the certificate whose thumbprint is {thumbprint}; if it has expired, make a new one and save it in the Auth Client too.',
    who: 'you',
    retry: NEVER,
    affects: 'auth-client',
  }),
  {
    code: '700024',
    what: 'The signed proof of the app was refused as too old or not yet valid.',
    why: 'The clock of the machine that runs Fairlead is wrong.',
    remedy: 'Let the machine set its clock from a time server, then try again.',
    who: 'operator',
    retry: { when: 'once' },
    affects: 'auth-client',
  },
]
