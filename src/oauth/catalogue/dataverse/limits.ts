import type { CatalogueEntry } from '../entry.ts'
import { several } from '../several.ts'

/** Limits and passing failures of the service: the same call succeeds later. */
export const limitEntries: readonly CatalogueEntry[] = [
  ...several(
    [
      ['0x80072322', 'ThrottlingBurstRequestLimitExceededError'],
      ['0x80072321', 'ThrottlingTimeExceededError'],
      ['0x80072326', 'ThrottlingConcurrencyLimitExceededError'],
      ['0x80072324', 'AzureSqlMaxConcurrentWorkersLimitExceededError'],
      ['0x80072323', 'AzureSqlDatabaseResourceLimitExceededError'],
    ],
    {
      what: 'The environment limits how fast this user may call, and the limit is reached.',
      why: 'Within five minutes a user has 6,000 requests, 20 minutes of computing time, and about 52 requests at once, on each server; other programs with the same user share them.',
      remedy:
        'Nothing to do: Fairlead waits as long as the environment asks for. If it happens often, give each program a user of its own.',
      who: 'fairlead',
      retry: { when: 'later' },
      affects: 'transient',
    },
  ),
  ...several(
    [
      ['0x80044150', 'unManagedidssqlerror'],
      ['0x80044151', 'unManagedidssqltimeouterror'],
      ['0x80044339', 'CouldNotObtainLockOnResource'],
    ],
    {
      what: 'The database of the environment did not finish in time.',
      why: 'Rows were locked by another operation, or the query was too heavy.',
      remedy:
        'Try again later; if it stays, ask for fewer rows or columns, or filter by an indexed column.',
      who: 'you',
      retry: { when: 'later' },
      affects: 'transient',
    },
  ),
  ...several(
    [
      ['0x80040216', 'UnExpected'],
      ['0x80040224', 'IsvUnExpected'],
    ],
    {
      what: 'Dataverse, or a plug-in in it, failed unexpectedly.',
      why: 'The service gives no reason for this.',
      remedy:
        'Try again; if it stays, give the request id to the administrator of the environment, who finds it in the plug-in trace log, or to Microsoft support.',
      who: 'crm-administrator',
      retry: { when: 'once' },
      affects: 'transient',
    },
  ),
]
