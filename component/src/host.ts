import { verifyConnection } from '../../src/connector/index.ts'
import {
  createLimitsRegistry,
  DataverseClient,
  partOfCache,
  type TokenSource,
} from '../../src/dataverse/index.ts'
import { isObject, systemClock, systemRandom } from '../../src/kernel/index.ts'
import {
  chain,
  createEgress,
  createSender,
  type Policy,
  retryPolicy,
  type Send,
} from '../../src/transport/index.ts'
import { ComponentError } from './component-error.ts'
import { createDefinitionCache, type DefinitionCache } from './definition-cache.ts'
import type { ComponentEnvironment } from './environment.ts'
import { objectStorage } from './object-storage.ts'
import type { PlatformContext, StepConfiguration } from './platform.ts'
import { createPlatformApi, type PlatformApi } from './platform-api.ts'
import { configuredToken, PlatformTokens } from './platform-tokens.ts'
import { readStep } from './step.ts'
import { stepLogger } from './step-logger.ts'
import { watchWrites } from './write-watch.ts'

/** A client over a step's credential, and the fields of the entry. */
export interface OpenedStep {
  readonly dataverse: DataverseClient
  readonly fields: Readonly<Record<string, unknown>>
  /** Whether anything in the environment may have been changed since. */
  mayHaveWritten(): boolean
}

/** What the functions of a process share: connections, tokens, definitions. */
export class ComponentHost {
  readonly environment: ComponentEnvironment
  readonly attachments
  readonly definitions: DefinitionCache = createDefinitionCache()
  readonly #send: Send
  readonly #api: PlatformApi | undefined
  readonly #tokens: PlatformTokens | undefined
  readonly #limits = createLimitsRegistry({ clock: systemClock })

  constructor(environment: ComponentEnvironment) {
    this.environment = environment
    const { api, objects, allowedOrigins, caFile, connectTo } = environment
    const parts = { clock: systemClock, logger: stepLogger(undefined) }
    const trust = { connectTo, ...(caFile === undefined ? {} : { caFile }) }
    this.#send = createSender({
      ...parts,
      egress: createEgress({ ...trust, allow: allowedOrigins }),
    }).send
    // A way of its own: no address that a user wrote may lead to the platform's API.
    const surroundings = [api?.uri, objects?.uri].flatMap((uri) => uri?.origin ?? [])
    const platform = createSender({
      ...parts,
      egress: createEgress({ ...trust, allow: [], surroundings }),
    })
    const patient = chain(
      [
        identified(environment.requestId),
        retryPolicy({ attempts: 4, budgetMs: 20_000, clock: systemClock, random: systemRandom }),
      ],
      platform.send,
    )
    this.attachments = objectStorage(objects, patient)
    this.#api = api && createPlatformApi(api, patient)
    this.#tokens = this.#api && new PlatformTokens(this.#api)
  }

  /** Makes the client of a step. @throws ComponentError, OAuthError for an address that is none */
  async open(configuration: StepConfiguration, context: PlatformContext): Promise<OpenedStep> {
    const { tokens, owner, credential } = await this.#credential(configuration)
    const { environmentUrl, apiVersion, fields } = readStep(configuration, credential)
    const watch = watchWrites()
    const dataverse = new DataverseClient({
      environmentUrl,
      apiVersion,
      tokens,
      send: chain([watch.policy], this.#send),
      clock: systemClock,
      logger: stepLogger(context.logger),
      // Two users of an environment may see different tables.
      metadataCache: partOfCache(this.definitions, owner),
      limits: this.#limits.for(environmentUrl, owner),
    })
    return { dataverse, fields, mayHaveWritten: watch.mayHaveWritten }
  }

  /** What an earlier start of the flow registered and no stop has taken off. */
  async leftFromStart(): Promise<unknown> {
    const { webhook } = this.environment
    return webhook && this.#api?.readStartData(webhook.flowId)
  }

  /** Checks that the environment answers in the user's name. */
  async verify(configuration: StepConfiguration, context: PlatformContext): Promise<void> {
    const { dataverse } = await this.open(configuration, context)
    await verifyConnection(dataverse)
  }

  async #credential(configuration: StepConfiguration): Promise<{
    readonly tokens: TokenSource
    /** Whose credential it is, as far as that can be told. */
    readonly owner: string
    readonly credential?: Readonly<Record<string, unknown>>
  }> {
    const { secretId, oauth } = configuration
    if (typeof secretId === 'string' && secretId !== '') {
      if (this.#tokens === undefined) throw noPlatform()
      const { fields } = await this.#tokens.read(secretId)
      const tokens = this.#tokens.source(secretId)
      return { tokens, owner: `secret ${secretId}`, credential: fields }
    }
    // A cleared field of a form comes as an empty text or as null.
    const tokens = configuredToken(isObject(oauth) ? oauth : configuration)
    if (tokens === undefined) throw noCredential()
    const { _account: account } = configuration
    return { tokens, owner: `account ${typeof account === 'string' ? account : ''}` }
  }
}

// As the runtime's own requests are.
function identified(requestId: string | undefined): Policy {
  const headers = {
    'user-agent': 'fairlead-component',
    ...(requestId === undefined ? {} : { 'x-request-id': requestId }),
  }
  return (request, next) => next({ ...request, headers: { ...request.headers, ...headers } })
}

function noCredential(): ComponentError {
  return new ComponentError('credential_missing', {
    what: 'This step has no credential.',
    why: 'Neither a secret nor an access token came with the configuration.',
    remedy: 'Choose a credential for the step, or authenticate the one that it has.',
  })
}

function noPlatform(): ComponentError {
  return new ComponentError('credential_missing', {
    what: 'The credential of this step cannot be read.',
    why: 'It is kept by the platform, which told this process nothing of its API (ELASTICIO_API_URI, _API_USERNAME, _API_KEY, _WORKSPACE_ID).',
    remedy: 'Tell the operator of the platform.',
    who: 'operator',
  })
}
