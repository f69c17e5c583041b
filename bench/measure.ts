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
  /** CPU time of this process for one call, in ms: what a busy machine blurs least. */
  readonly cpuMs: number
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
  const measured = contenders.map((): Rate[] => [])
  for (let round = 0; round < manner.rounds; round += 1) {
    const turn = [...contenders.entries()]
    for (const [index, contender] of round % 2 === 0 ? turn : turn.reverse())
      measured[index]?.push(await rate(contender, manner))
  }
  const [first = []] = measured
  return contenders.map(({ name }, index) => {
    const own = measured[index] ?? []
    const ratios = own.map(
      ({ perSecond }, round) => perSecond / (first[round]?.perSecond ?? Number.NaN),
    )
    return {
      name,
      perSecond: median(own.map(({ perSecond }) => perSecond)),
      ratio: median(ratios),
      cpuMs: median(own.map(({ cpuMs }) => cpuMs)),
    }
  })
}

type Rate = Pick<Speed, 'perSecond' | 'cpuMs'>

async function rate({ call }: Contender, { ms, atOnce }: Manner): Promise<Rate> {
  const begun = performance.now()
  const used = process.cpuUsage()
  let done = 0
  const work = async () => {
    while (performance.now() - begun < ms) {
      await call()
      done += 1
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  const { user, system } = process.cpuUsage(used)
  const seconds = (performance.now() - begun) / 1_000
  return { perSecond: done / seconds, cpuMs: (user + system) / 1_000 / done }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right)
  const middle = sorted.length / 2
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]]
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2
}
