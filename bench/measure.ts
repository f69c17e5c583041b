/** One way to do a thing, to be compared with others. */
export interface Contender {
  readonly name: string
  call(): Promise<unknown>
}

/** How fast a contender was, in the median of all rounds. */
export interface Speed {
  readonly name: string
  readonly perSecond: number
  /** How fast it was in comparison with the first contender, in the median of the rounds' ratios. */
  readonly ratio: number
}

export interface Manner {
  readonly rounds: number
  /** How long each contender has in each round. */
  readonly ms: number
  /** How many calls are under way at once. */
  readonly atOnce: number
}

/**
 * Measures all contenders in turn, round by round, so that what else the machine does hits them alike;
 * every other round goes backwards.
 */
export async function compare(
  contenders: readonly Contender[],
  manner: Manner,
): Promise<readonly Speed[]> {
  for (const contender of contenders) await rate(contender, { ...manner, ms: manner.ms / 2 })
  const rates = contenders.map((): number[] => [])
  for (let round = 0; round < manner.rounds; round += 1) {
    const turn = [...contenders.entries()]
    for (const [index, contender] of round % 2 === 0 ? turn : turn.reverse())
      rates[index]?.push(await rate(contender, manner))
  }
  const [first = []] = rates
  return contenders.map(({ name }, index) => {
    const own = rates[index] ?? []
    const ratios = own.map((value, round) => value / (first[round] ?? Number.NaN))
    return { name, perSecond: median(own), ratio: median(ratios) }
  })
}

async function rate({ call }: Contender, { ms, atOnce }: Manner): Promise<number> {
  const begun = performance.now()
  let done = 0
  const work = async () => {
    while (performance.now() - begun < ms) {
      await call()
      done += 1
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return (done * 1_000) / (performance.now() - begun)
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right)
  const middle = sorted.length / 2
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2
}
