import type { JsonObject } from '../kernel/index.ts'
import { associateObjects } from './actions/associate-objects.ts'
import { bulkCreateObjects } from './actions/bulk-create-objects.ts'
import { bulkDeleteObjects } from './actions/bulk-delete-objects.ts'
import { bulkUpdateObjects } from './actions/bulk-update-objects.ts'
import { bulkUpsertObjects } from './actions/bulk-upsert-objects.ts'
import { callActionOrFunction } from './actions/call-action-or-function.ts'
import { countObjects } from './actions/count-objects.ts'
import { deleteObjectById } from './actions/delete-object-by-id.ts'
import { disassociateObjects } from './actions/disassociate-objects.ts'
import { downloadFile } from './actions/download-file.ts'
import { extractRawSystemMetadata } from './actions/extract-raw-system-metadata.ts'
import { fetchXmlQuery } from './actions/fetch-xml-query.ts'
import { lookupObject } from './actions/lookup-object.ts'
import { lookupObjects } from './actions/lookup-objects.ts'
import { lookupObjectsDeprecated } from './actions/lookup-objects-deprecated.ts'
import { makeRawRequest } from './actions/make-raw-request.ts'
import { setObjectState } from './actions/set-object-state.ts'
import { uploadFile } from './actions/upload-file.ts'
import { upsertObject } from './actions/upsert-object.ts'
import type { Entry, EntryKind } from './entry.ts'
import type { FieldView } from './field.ts'
import { getChanges } from './triggers/get-changes.ts'
import { getNewAndUpdatedObjectsPolling } from './triggers/get-new-and-updated-objects-polling.ts'
import { webhookTrigger } from './triggers/webhook-trigger.ts'

/** What the manifest says of one trigger or action. */
export interface ManifestEntry {
  readonly kind: EntryKind
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
export const actions: readonly Entry[] = [
  lookupObject,
  lookupObjects,
  fetchXmlQuery,
  countObjects,
  upsertObject,
  deleteObjectById,
  bulkCreateObjects,
  bulkUpdateObjects,
  bulkDeleteObjects,
  bulkUpsertObjects,
  associateObjects,
  disassociateObjects,
  setObjectState,
  uploadFile,
  downloadFile,
  makeRawRequest,
  callActionOrFunction,
  extractRawSystemMetadata,
  lookupObjectsDeprecated,
]

/** The triggers, in the order in which they are offered. */
export const triggers: readonly Entry[] = [
  getNewAndUpdatedObjectsPolling,
  getChanges,
  webhookTrigger,
]

/** The manifest of this connector. */
export const manifest: Manifest = {
  title: 'Microsoft Dynamics CRM',
  triggers: triggers.map(entryOf),
  actions: actions.map(entryOf),
}

/** Finds a trigger or action by its name. */
export function findEntry(name: string): Entry | undefined {
  return [...triggers, ...actions].find((entry) => entry.name === name)
}

function entryOf(entry: Entry): ManifestEntry {
  const { kind, name, title, help, order, deprecated, fields, staticSchemas } = entry
  return { kind, name, title, description: help, order, deprecated, fields, ...staticSchemas }
}
