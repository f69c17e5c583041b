import { ConnectorError, type Entry, type FieldView, type Option } from '../../connector/index.ts'
import type { DataverseClient } from '../../dataverse/index.ts'
import type { JsonObject } from '../../kernel/index.ts'
import { requireEntry } from './find-entry.ts'
import { type CredentialRef, openClient, type RunHost } from './run-host.ts'

/** A form of one trigger or action, as far as it is filled. */
export interface FormRequest extends CredentialRef {
  readonly action: string
  readonly config: Readonly<Record<string, unknown>>
  readonly signal?: AbortSignal
}

/** A field with what the environment offers for it. */
export interface FormField extends FieldView {
  /** The entries of its dropdown, where they are few and can be read yet. */
  readonly choices?: readonly Option[]
  /** There are more entries than a form shows: they are found by what is typed. */
  readonly more?: true
}

/** All that a form shows. */
export interface Form {
  readonly fields: Readonly<Record<string, FormField>>
  readonly input?: JsonObject
  readonly output?: JsonObject
  /** What the configuration still lacks, while it cannot be told what goes in and what comes out. */
  readonly unfinished?: ConnectorError
}

const MOST_CHOICES = 200
const MOST_OPTIONS = 1000

type Filling = Omit<FormRequest, keyof CredentialRef | 'action'> & {
  readonly dataverse: DataverseClient
}

/** Reads the form of a trigger or action: its fields, and the schemas for its configuration. */
export async function readForm(host: RunHost, request: FormRequest): Promise<Form> {
  const entry = requireEntry(host, request.action)
  const filling = await fillingOf(host, request)
  const [fields, input, output] = await Promise.all([
    readFields(entry, filling),
    unlessUnfinished(entry.inputSchema(filling)),
    unlessUnfinished(entry.outputSchema(filling)),
  ])
  const unfinished = input instanceof ConnectorError ? input : output
  return {
    fields,
    ...(!(input instanceof ConnectorError) && { input }),
    ...(!(output instanceof ConnectorError) && { output }),
    ...(unfinished instanceof ConnectorError && { unfinished }),
  }
}

/** Lists the entries of a dropdown, at most a thousand: fewer by what was typed. */
export async function readOptions(
  host: RunHost,
  request: FormRequest & { readonly field: string; readonly search?: string },
): Promise<readonly Option[]> {
  const entry = requireEntry(host, request.action)
  const filling = await fillingOf(host, request)
  const search = request.search === undefined ? {} : { search: request.search }
  return entry.options(request.field, { ...filling, ...search, limit: MOST_OPTIONS })
}

async function fillingOf(host: RunHost, request: FormRequest): Promise<Filling> {
  const { config, signal } = request
  const dataverse = await openClient(host, request)
  return { config, dataverse, ...(signal === undefined ? {} : { signal }) }
}

async function readFields(entry: Entry, filling: Filling): Promise<Form['fields']> {
  const named = Object.entries(entry.fields).map(async ([key, field]) => {
    if (field.options === undefined) return [key, field] as const
    const limit = MOST_CHOICES + 1
    const choices = await unlessUnfinished(entry.options(key, { ...filling, limit }))
    if (choices instanceof ConnectorError) return [key, field] as const
    const few = choices.length <= MOST_CHOICES
    return [key, { ...field, ...(few ? { choices } : { more: true as const }) }] as const
  })
  return Object.fromEntries(await Promise.all(named))
}

// Before a form is whole, what depends on the missing parts cannot be told: that is no failure.
async function unlessUnfinished<T>(reading: Promise<T>): Promise<T | ConnectorError> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof ConnectorError) return error
    throw error
  }
}
