export { type NamedFailure, withFaults } from './apply.ts'
export type { Fault, FaultAction } from './model.ts'
export { createFaultQueue, type FaultQueue } from './queue.ts'
export { readFault } from './read-fault.ts'
