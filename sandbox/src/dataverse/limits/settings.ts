/** What a request does, as far as its simulated server time goes. */
export const WORK_KINDS = [
  'read',
  'create',
  'update',
  'delete',
  'createMultiple',
  'updateMultiple',
  'upsertMultiple',
  'batch',
  'other',
] as const

export type WorkKind = (typeof WORK_KINDS)[number]

/** Simulated server time, in ms: of a request, and of each row it reads or writes. */
export interface WorkTime {
  readonly requestMs: number
  readonly rowMs: number
}

/**
 * The service protection limits of each user on each web server, and what else bounds a request.
 * https://learn.microsoft.com/power-apps/developer/data-platform/api-limits
 */
export interface LimitSettings {
  /** False counts and never refuses. */
  readonly enforced: boolean
  /** The sliding window of the first two limits. */
  readonly windowSeconds: number
  readonly requests: number
  readonly executionSeconds: number
  readonly concurrentRequests: number
  readonly webServers: number
  /** How a request without an affinity cookie finds its server. */
  readonly routing: 'roundRobin' | 'random'
  readonly dopHint: number
  /** Whether pressing on during a wait makes it longer. */
  readonly retryAfter: 'growing' | 'fixed'
  /** Whether a batch is one request of the first limit, or as many as it holds. */
  readonly batchCounts: 'once' | 'each'
  /** An operation that takes longer is taken back and refused. */
  readonly timeoutSeconds: number
  /** A body of JSON beyond that is refused; file columns and bulk messages have limits of their own. */
  readonly bodyMegabytes: number
  /** A longer message is refused where a plug-in would be shown it. */
  readonly pluginMegabytes: number
  /** A kind that is absent has the time of `default`. */
  readonly time: Readonly<Partial<Record<WorkKind | 'default', WorkTime>>>
}

export const DOCUMENTED_LIMITS: LimitSettings = {
  enforced: true,
  windowSeconds: 300,
  requests: 6_000,
  executionSeconds: 1_200,
  concurrentRequests: 52,
  webServers: 1,
  routing: 'roundRobin',
  dopHint: 4,
  retryAfter: 'growing',
  batchCounts: 'once',
  timeoutSeconds: 120,
  bodyMegabytes: 20,
  pluginMegabytes: 116.85,
  time: {},
}
