import { type Entry, findEntry, type OptionsContext } from '../../src/connector/index.ts'
import { plainError } from './component-error.ts'
import { readEnvironment } from './environment.ts'
import { ComponentHost } from './host.ts'
import { metaModelOf } from './meta-model.ts'
import type { PlatformContext, PlatformModule, StepConfiguration } from './platform.ts'
import { runStep } from './run-step.ts'
import { fieldsOf } from './step.ts'
import { disableWebhook, enableWebhook } from './webhook.ts'

const MOST_OPTIONS = 5_000

/** The component as one process of the platform runs it. */
export class Component {
  readonly #host: () => ComponentHost
  readonly #ending: AbortSignal

  constructor(options: {
    readonly variables: Readonly<Record<string, string | undefined>>
    readonly ending: AbortSignal
  }) {
    let made: ComponentHost | undefined
    // The runtime takes a check of credentials that does not load for one that succeeds: what is wrong with a
    // variable has to wait for the first call.
    this.#host = () => {
      made ??= new ComponentHost(readEnvironment(options.variables))
      return made
    }
    this.#ending = options.ending
  }

  /** Makes the module of a trigger or action, as the runtime loads it. */
  module(name: string): PlatformModule {
    const entry = findEntry(name)
    if (entry === undefined) throw new Error(`There is no trigger or action “${name}”.`)
    const host = this.#host
    const ending = this.#ending
    const models = Object.values(entry.fields).flatMap(({ options }) => options ?? [])
    return {
      async process(message, configuration, snapshot) {
        const run = { message, configuration, snapshot, ending }
        await runStep(this, await plainly(async () => host()), entry, run)
      },
      async getMetaModel(configuration) {
        return await answering(host, async () => {
          const { dataverse, fields: config } = await host().open(configuration, this)
          const form = { config, dataverse }
          return {
            in: metaModelOf(await entry.inputSchema(form)),
            out: metaModelOf(await entry.outputSchema(form)),
          }
        })
      },
      ...(entry.registration === undefined
        ? {}
        : {
            startup: (configuration) => plainly(() => enableWebhook(entry, host(), configuration)),
            shutdown: (configuration, kept) =>
              plainly(() => disableWebhook(entry, host(), configuration, kept)),
          }),
      ...Object.fromEntries(models.map((model) => [model, selectModel(host, entry, model)])),
    }
  }

  /** Tells whether a credential works; the reason where it does not. */
  async verifyCredentials(
    context: PlatformContext,
    configuration: StepConfiguration,
  ): Promise<{ readonly verified: boolean; readonly reason?: string }> {
    try {
      await this.#host().verify(configuration, context)
      return { verified: true }
    } catch (error) {
      return { verified: false, reason: plainError(error).message }
    }
  }
}

function selectModel(host: () => ComponentHost, entry: Entry, model: string) {
  return async function (this: PlatformContext, configuration: StepConfiguration) {
    return await answering(host, async () => {
      const fields = Object.entries(entry.fields)
      const field = fields.find(([, { options }]) => options === model)?.[0] ?? model
      const { dataverse } = await host().open(configuration, this)
      const asked: OptionsContext = {
        config: fieldsOf(configuration),
        dataverse,
        limit: MOST_OPTIONS,
      }
      const options = await entry.options(field, asked)
      return Object.fromEntries(options.map(({ value, label }) => [value, label]))
    })
  }
}

// The process ends with the answer: what it reads behind it would be lost each time.
async function answering<Result>(
  host: () => ComponentHost,
  work: () => Promise<Result>,
): Promise<Result> {
  const answer = await plainly(work)
  await host().definitions.settled()
  return answer
}

// The runtime passes on the message of an error and nothing else.
async function plainly<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw plainError(error)
  }
}
