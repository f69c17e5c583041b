/** How thorough a sitting is. */
export interface Sitting {
  /** Each contender is measured so often, in turn with the others; medians are printed. */
  readonly rounds: number
  /** For parts that measure calls for a while: how long each contender has in a round. */
  readonly ms: number
  /** What part of the full work is done, for a quick look; bars are meant for 1. */
  readonly scale: number
  /** Whether a service that refuses a row says which value it dislikes, or only that there is one. */
  readonly refusals: 'named' | 'terse'
}

/** One part of the benchmark: it starts what it needs, prints its table, and leaves nothing behind. */
export interface Part {
  /** What `--only` calls it. */
  readonly name: string
  run(sitting: Sitting): Promise<void>
}
