import { printTable } from '../table.ts'
import { cpuMicroseconds, peakMb, perSecond, type Rounds, ratio, typical } from './turns.ts'

/** Prints what the turns took, beside the floor and the peer. */
export function printTurns(title: string, unit: 'calls' | 'rows', rounds: Rounds): void {
  const rows = [...rounds.keys()].map((name) => [
    name,
    Math.round(typical(rounds, name, perSecond)).toLocaleString('en'),
    ratio(rounds, name, 'floor', perSecond).toFixed(2),
    ratio(rounds, name, 'peer', perSecond).toFixed(2),
    typical(rounds, name, cpuMicroseconds).toFixed(1),
    ratio(rounds, name, 'floor', cpuMicroseconds).toFixed(2),
    typical(rounds, name, peakMb).toFixed(0),
  ])
  const names = ['', `${unit}/s`, '× floor', '× peer', 'CPU µs each', '× floor', 'peak MB']
  printTable(title, names, rows)
}
