import { DataverseError } from '../errors/dataverse-error.ts'

const EXPIRED = /version stamp[^.]*expired|perform a full sync/i
const DISABLED = /(?:isn.t|is not) enabled for change tracking/i

/** Names what an error answer means for change tracking; other errors stay as they are. */
export function trackingError(error: unknown, entitySetName: string): unknown {
  if (!(error instanceof DataverseError)) return error
  const { dataverseCode, message } = error
  if (dataverseCode === '0x80044352' || EXPIRED.test(message)) return expired(error, entitySetName)
  if (dataverseCode === '0x80072491' || dataverseCode === '0x80072492' || DISABLED.test(message)) {
    return disabled(error, entitySetName)
  }
  return error.code === 'forbidden' ? forbidden(error, entitySetName) : error
}

/** Makes the error for a last page that gives no link for the next time. */
export function trackingLost(url: URL, entitySetName: string): DataverseError {
  return new DataverseError('tracking_lost', {
    what: `${url.host} ended the changes of ${entitySetName} without a link for the next time.`,
    why: 'The service forgot to track changes, as it has done where annotations were asked for; what comes later would be missed.',
    remedy: 'Read in full again, without annotations.',
    who: 'microsoft',
    retry: { when: 'once' },
    facts: { host: url.host, entitySetName },
  })
}

// https://learn.microsoft.com/power-apps/developer/data-platform/use-change-tracking-synchronize-data-external-systems
function expired(cause: DataverseError, entitySetName: string): DataverseError {
  return new DataverseError('tracking_expired', {
    ...answerOf(cause),
    what: `The cursor of the changes of ${entitySetName} has expired.`,
    why: 'The environment keeps what has changed for some days only, 7 unless it was told otherwise.',
    remedy: 'Read in full, without since, and read changes more often from then on.',
    cause,
  })
}

function disabled(cause: DataverseError, entitySetName: string): DataverseError {
  return new DataverseError('tracking_disabled', {
    ...answerOf(cause),
    what: `The environment does not track the changes of ${entitySetName}.`,
    why: 'Change tracking is off for this table, or it is one that only joins two others.',
    remedy: 'Turn on “Track changes” in the table’s properties, or compare versionnumber instead.',
    who: 'crm-administrator',
    cause,
  })
}

function forbidden(cause: DataverseError, entitySetName: string): DataverseError {
  const privilege = /\bprv[A-Za-z]\w{2,100}/.exec(cause.message)?.[0]
  const named = privilege === undefined ? 'the privilege to read it' : privilege
  return new DataverseError('forbidden', {
    ...answerOf(cause),
    what: `The user may not read the changes of ${entitySetName}: ${named} is missing.`,
    why: 'Changes are told only to who may read all rows of the table, of the whole organization.',
    remedy: `Give the user a security role with ${named} at the level of the organization.`,
    who: 'crm-administrator',
    ...(privilege === undefined ? {} : { facts: { privilege } }),
    cause,
  })
}

function answerOf({ status, dataverseCode, requestId }: DataverseError) {
  return {
    ...(status === undefined ? {} : { status }),
    ...(dataverseCode === undefined ? {} : { dataverseCode }),
    ...(requestId === undefined ? {} : { requestId }),
  }
}
