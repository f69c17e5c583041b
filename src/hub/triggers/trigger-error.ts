import { CodedError } from '../../kernel/index.ts'

/** What can go wrong with triggers whose place the hub keeps. Stable. */
export type TriggerErrorCode =
  | 'backlog_full'
  | 'hook_superseded'
  | 'not_a_trigger'
  | 'not_a_webhook'
  | 'page_too_large'
  | 'run_superseded'
  | 'trigger_not_found'
  | 'trigger_paused'
  | 'trigger_running'

const BACKLOG_MS = 60_000

/** A failure of a stored trigger. */
export class TriggerError extends CodedError<TriggerErrorCode> {}

/** The error of a trigger that is not there. */
export function triggerNotFound(triggerId: string): TriggerError {
  return new TriggerError('trigger_not_found', {
    what: 'There is no such trigger.',
    why: 'It was removed, belongs to another workspace, or its id is mistyped.',
    remedy: 'Choose one from the list of triggers.',
    facts: { triggerId: triggerId.slice(0, 100) },
  })
}

/** The error of messages that come faster, or for longer, than they are worked on. */
export function backlogFull(
  triggerId: string,
  most: { readonly messages: number; readonly bytes: number },
): TriggerError {
  return new TriggerError('backlog_full', {
    what: 'Too many messages wait for this trigger; further ones are refused.',
    why: 'It is paused, or its messages fail or come faster than they are worked on.',
    remedy:
      'See its last problem and resume it. Dataverse repeats a refused message once and then keeps it as a failed system job: read what was missed with Get Changes with Deletions or a polling trigger.',
    retry: { when: 'later', afterMs: BACKLOG_MS },
    facts: { triggerId, mostMessages: most.messages, mostBytes: most.bytes },
  })
}

/** The error of a run whose place another has taken. */
export function runSuperseded(triggerId: string): TriggerError {
  return new TriggerError('run_superseded', {
    what: 'This run of the trigger has been overtaken and stores nothing more.',
    why: 'The trigger was paused or removed, or the run was silent for so long that another began.',
    remedy: 'Nothing is lost: the next run goes on from the last page that was stored.',
    retry: { when: 'later' },
    facts: { triggerId },
  })
}

/** The error of a trigger that is at work. */
export function triggerRunning(triggerId: string, afterMs: number): TriggerError {
  return new TriggerError('trigger_running', {
    what: 'The trigger is running already.',
    why: 'A trigger has one run at a time; one that broke off counts as alive for some seconds more.',
    remedy: 'Wait for its end, or pause and resume the trigger to end it.',
    retry: { when: 'later', afterMs },
    facts: { triggerId },
  })
}

/** The error of a trigger that is to rest. */
export function triggerPaused(triggerId: string): TriggerError {
  return new TriggerError('trigger_paused', {
    what: 'The trigger is paused.',
    why: 'Somebody paused it.',
    remedy: 'Resume it first.',
    facts: { triggerId },
  })
}
