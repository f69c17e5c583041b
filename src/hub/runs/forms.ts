import type { Option } from '../../connector/index.ts'
import type { JsonObject } from '../../kernel/index.ts'
import { requireAction } from './run-action.ts'
import { type CredentialRef, openClient, type RunHost } from './run-host.ts'

/** A form of one action, as far as it is filled. */
export interface FormRequest extends CredentialRef {
  readonly action: string
  readonly config: Readonly<Record<string, unknown>>
  readonly signal?: AbortSignal
}

const MOST_OPTIONS = 1000

/** Reads the schemas of an action's input and output for its configuration. */
export async function readSchemas(
  host: RunHost,
  request: FormRequest,
): Promise<{ readonly input: JsonObject; readonly output: JsonObject }> {
  const action = requireAction(request.action)
  const form = { ...formOf(request), dataverse: await openClient(host, request) }
  return { input: await action.inputSchema(form), output: await action.outputSchema(form) }
}

/** Lists the entries of a dropdown, at most a thousand: fewer by what was typed. */
export async function readOptions(
  host: RunHost,
  request: FormRequest & { readonly field: string; readonly search?: string },
): Promise<readonly Option[]> {
  const action = requireAction(request.action)
  const dataverse = await openClient(host, request)
  const search = request.search === undefined ? {} : { search: request.search }
  const context = { ...formOf(request), ...search, dataverse, limit: MOST_OPTIONS }
  return action.options(request.field, context)
}

function formOf({ config, signal }: FormRequest) {
  return { config, ...(signal === undefined ? {} : { signal }) }
}
