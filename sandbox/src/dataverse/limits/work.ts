import { Fault } from '../fault.ts'
import type { Segment } from '../http/address.ts'
import { NAMESPACE } from '../query/expression.ts'
import type { LimitSettings, WorkKind } from './settings.ts'

/** Adds up the simulated server time of one HTTP request, and of all that its batch holds. */
export class Work {
  readonly #settings: LimitSettings
  #milliseconds = 0
  #inner = 0

  constructor(settings: LimitSettings) {
    this.#settings = settings
  }

  get milliseconds(): number {
    return this.#milliseconds
  }

  /** Requests inside a batch. */
  get inner(): number {
    return this.#inner
  }

  addInner(): void {
    this.#inner += 1
  }

  /** Adds an operation. @throws Fault when it alone takes longer than an operation may */
  add(kind: WorkKind, rows: number): void {
    const { time, timeoutSeconds } = this.#settings
    const { requestMs, rowMs } = time[kind] ?? time.default ?? { requestMs: 0, rowMs: 0 }
    const milliseconds = requestMs + rows * rowMs
    this.#milliseconds += Math.min(milliseconds, timeoutSeconds * 1_000)
    if (milliseconds > timeoutSeconds * 1_000) throw timedOut()
  }
}

const MULTIPLE: Readonly<Record<string, WorkKind>> = {
  CreateMultiple: 'createMultiple',
  UpdateMultiple: 'updateMultiple',
  UpsertMultiple: 'upsertMultiple',
}
const METHODS: Readonly<Record<string, WorkKind>> = {
  GET: 'read',
  HEAD: 'read',
  POST: 'create',
  PATCH: 'update',
  PUT: 'update',
  DELETE: 'delete',
}

/** What kind of work a request is. */
export function kindOf(method: string, segments: readonly Segment[]): WorkKind {
  const [first, second] = segments
  if (first?.name === '$batch') return 'batch'
  if (second?.name.startsWith(NAMESPACE)) {
    return MULTIPLE[second.name.slice(NAMESPACE.length)] ?? 'other'
  }
  return METHODS[method] ?? 'other'
}

// https://learn.microsoft.com/power-apps/developer/data-platform/bulk-operations
function timedOut(): Fault {
  return new Fault(
    500,
    '0x80044151',
    'Sql error: SQL timeout expired. CRM ErrorCode: -2147204783 Sql ErrorCode: -2146232060 Sql Number: -2',
  )
}
