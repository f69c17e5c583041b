import type { CatalogueEntry } from '../entry.ts'
import { several } from '../several.ts'

const NEVER = { when: 'never' } as const

/** Passing failures of Entra ID, its limits, and the answers of a device code sign-in. */
export const serviceEntries: readonly CatalogueEntry[] = [
  ...several(
    [
      ['50196', 'LoopDetected'],
      ['90055', 'TenantThrottlingError'],
    ],
    {
      what: 'Entra ID received too many sign-in requests and refuses more for a while.',
      why: 'The app, or the whole directory, asked too often in a short time.',
      remedy: 'Nothing to do: Fairlead waits five minutes or more before it asks again.',
      who: 'fairlead',
      retry: { when: 'later', afterMs: 300_000 },
      affects: 'transient',
    },
  ),
  ...several(
    [
      ['90033', 'MsodsServiceUnavailable'],
      ['90006', 'ExternalServerRetryableError'],
      ['90012', 'RequestTimeout'],
      ['90024', 'RequestBudgetExceededError'],
      ['90090', 'GraphRetryableError'],
      ['50033', 'RetryableError'],
      '50087',
    ],
    {
      what: "Microsoft's sign-in service is busy.",
      why: 'It reported a passing fault of its own.',
      remedy:
        "Nothing to do: Fairlead tries again by itself. If it lasts, look at Microsoft's service status.",
      who: 'microsoft',
      retry: { when: 'later' },
      affects: 'transient',
    },
  ),
  {
    code: '70016',
    name: 'AuthorizationPending',
    what: 'Nobody has entered the device code yet.',
    why: 'The sign-in waits for a person.',
    remedy: 'Open the address that was shown, enter the code and sign in.',
    who: 'you',
    retry: { when: 'later' },
    affects: 'transient',
  },
  ...several([['70018', 'BadVerificationCode'], '90119'], {
    what: 'The device code was not recognized.',
    why: 'It was mistyped, or is of another sign-in.',
    remedy: 'Enter the code as it is shown, or begin a new device code sign-in.',
    who: 'you',
    retry: NEVER,
    affects: 'credential',
  }),
  ...several(
    [
      ['70019', 'CodeExpired'],
      ['90120', 'InvalidDeviceFlowRequest'],
    ],
    {
      what: 'The device code has expired or was used already.',
      why: 'A device code is good for one sign-in within about 15 minutes.',
      remedy: 'Begin a new device code sign-in and enter its code at once.',
      who: 'you',
      retry: NEVER,
      affects: 'credential',
    },
  ),
]
