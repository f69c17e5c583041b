import type { Exchange } from '../exchange.ts'
import { InputError } from '../json-input.ts'
import type { Fault } from './model.ts'

/** The faults to come, in their order. */
export interface FaultQueue {
  add(fault: Fault): void
  clear(): void
  list(): readonly Fault[]
  /** Takes the first fault that concerns this request. */
  take(target: string, exchange: Exchange): Fault | undefined
  /** Keeps a fault for the next request: this one gave it nothing to spoil. */
  putBack(fault: Fault): void
}

const MOST = 1_000

export function createFaultQueue(): FaultQueue {
  let faults: Fault[] = []
  return {
    add(fault) {
      if (faults.length >= MOST) throw new InputError(`More than ${MOST} faults are waiting.`)
      faults.push(fault)
    },
    clear() {
      faults = []
    },
    list: () => faults,
    take(target, exchange) {
      for (const fault of faults) {
        if (!concerns(fault, target, exchange)) continue
        if (fault.skip > 0) {
          fault.skip -= 1
          continue
        }
        fault.times -= 1
        if (fault.times <= 0) faults = faults.filter((one) => one !== fault)
        return fault
      }
      return undefined
    },
    putBack(fault) {
      fault.times += 1
      if (!faults.includes(fault)) faults = [fault, ...faults]
    },
  }
}

function concerns(fault: Fault, target: string, exchange: Exchange): boolean {
  const all = fault.target === '*' || (fault.target === 'organizations' && target !== 'entra')
  if (!all && fault.target !== target) return false
  const { method, path, body } = fault.match
  if (method !== undefined && method !== exchange.method) return false
  if (path !== undefined && !`${exchange.url.pathname}${exchange.url.search}`.includes(path))
    return false
  return body === undefined || exchange.body.includes(body)
}
