import type { JsonObject } from '../kernel/index.ts'
import { lookupObjects } from './actions/lookup-objects.ts'
import { makeRawRequest } from './actions/make-raw-request.ts'
import type { Action } from './define-action.ts'
import type { FieldView } from './field.ts'

/** What the manifest says of one trigger or action. */
export interface ManifestEntry {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly order: number
  readonly deprecated: boolean
  readonly fields: Readonly<Record<string, FieldView>>
  /** The input's schema; none where it depends on the fields and the environment. */
  readonly input?: JsonObject
  readonly output?: JsonObject
}

/** All that a host has to know to offer the connector: data only. */
export interface Manifest {
  readonly title: string
  readonly triggers: readonly ManifestEntry[]
  readonly actions: readonly ManifestEntry[]
}

/** The actions, in the order in which they are offered. */
export const actions: readonly Action[] = [lookupObjects, makeRawRequest]

/** The triggers, in the order in which they are offered. */
export const triggers: readonly Action[] = []

/** The manifest of this connector. */
export const manifest: Manifest = {
  title: 'Microsoft Dynamics CRM',
  triggers: triggers.map(entryOf),
  actions: actions.map(entryOf),
}

/** Finds an action by its name. */
export function findAction(name: string): Action | undefined {
  return actions.find((action) => action.name === name)
}

function entryOf(action: Action): ManifestEntry {
  const { name, title, help, order, deprecated, fields, staticSchemas } = action
  return { name, title, description: help, order, deprecated, fields, ...staticSchemas }
}
