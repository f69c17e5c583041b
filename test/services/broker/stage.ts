import { componentFolder } from '../../component/component-folder.ts'
import { type KeptSecret, startPlatform } from '../../component/platform.ts'
import { startSandboxClient } from '../../dataverse/sandbox-client.ts'
import { startBroker } from './broker.ts'
import { Flow, type StepOptions, type StepOutput } from './flow.ts'

/** Sets the stage: the sandbox, the platform's API, a broker, and the component's folder. */
export async function setStage(suite: { after(end: () => Promise<void>): void }, rows: number) {
  const { client, freshToken, sandbox, token } = await startSandboxClient(suite, { rows })
  const platform = await startPlatform(suite)
  const folder = await componentFolder()
  suite.after(async () => folder[Symbol.asyncDispose]())
  const broker = await startBroker()
  const flow = await Flow.open(broker, platform, folder.path)
  suite.after(async () => {
    await flow[Symbol.asyncDispose]()
    await broker[Symbol.asyncDispose]()
  })
  const { orgUrl } = sandbox.description
  const secret: KeptSecret = {
    credentials: { access_token: token.value.reveal(), fields: { baseUrl: orgUrl } },
    refresh: async () => {
      const { value } = await freshToken()
      return { status: 200, body: { access_token: value.reveal() } }
    },
    reads: 0,
    refreshes: 0,
  }
  platform.secrets.set('good', secret)
  const start = (entry: string, configuration: object, more: Partial<StepOptions> = {}) =>
    flow.start({
      entry,
      configuration: { secretId: 'good', ...configuration },
      ...more,
      variables: { FAIRLEAD_ALLOWED_ORIGINS: orgUrl, ...more.variables },
    })
  return { client, platform, sandbox, secret, start }
}

/** What is data among what came out. */
export const bodies = (outputs: readonly StepOutput[]) =>
  outputs.flatMap((one) => (one.kind === 'data' ? [Object(one.body)] : []))

/** What are snapshots among what came out. */
export const snapshots = (outputs: readonly StepOutput[]) =>
  outputs.flatMap((one) => (one.kind === 'snapshot' ? [one.snapshot] : []))
