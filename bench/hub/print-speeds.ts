import type { Speed } from '../measure.ts'

/** Prints how fast the contenders of one comparison were. */
export function printSpeeds(title: string, speeds: readonly Speed[]): void {
  console.log(title)
  for (const { name, perSecond, ratio, cpuMs } of speeds) {
    const rate = Math.round(perSecond).toString().padStart(8)
    const each = (1_000 / perSecond).toFixed(3).padStart(8)
    const cpu = cpuMs.toFixed(3).padStart(8)
    console.log(`  ${name.padEnd(32)}${rate} /s ${each} ms ${cpu} ms CPU   × ${ratio.toFixed(2)}`)
  }
  console.log()
}
