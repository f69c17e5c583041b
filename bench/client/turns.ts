import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { median } from '../measure.ts'
import type { Taken, Task } from './run.ts'

/** One client at one task on one service. */
export interface Turn {
  /** As it is called in the table. */
  readonly name: string
  readonly contender: 'fairlead' | 'floor' | 'peer'
  readonly origin: string
  readonly task: Task
}

/** What the turns of one kind took, round by round. */
export type Rounds = ReadonlyMap<string, readonly Taken[]>

/** Runs all turns so often as there are rounds, each in a new process, every other round backwards. */
export async function takeTurns(turns: readonly Turn[], rounds: number): Promise<Rounds> {
  const taken = new Map<string, Taken[]>(turns.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (const turn of round % 2 === 0 ? turns : turns.toReversed())
      taken.get(turn.name)?.push(await take(turn))
  }
  return taken
}

/** The median of a measure over the rounds. */
export function typical(rounds: Rounds, name: string, measure: Measure): number {
  return median((rounds.get(name) ?? []).map(measure))
}

/** The median of the rounds' ratios: what else the machine did in a round hit both alike. */
export function ratio(rounds: Rounds, one: string, other: string, measure: Measure): number {
  const others = rounds.get(other) ?? []
  const ratios = (rounds.get(one) ?? []).flatMap((taken, round) => {
    const beside = others[round]
    return beside === undefined ? [] : [measure(taken) / measure(beside)]
  })
  return median(ratios)
}

type Measure = (taken: Taken) => number

export const perSecond: Measure = ({ units, seconds }) => units / seconds
export const cpuMicroseconds: Measure = ({ units, cpuSeconds }) => (cpuSeconds * 1e6) / units
export const peakMb: Measure = (taken) => taken.peakMb

async function take({ contender, origin, task }: Turn): Promise<Taken> {
  const program = join(import.meta.dirname, 'run.ts')
  const args = [program, contender, origin, JSON.stringify(task)]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  const taken: Taken = JSON.parse(stdout)
  return taken
}
