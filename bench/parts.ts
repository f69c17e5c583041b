import { bulk } from './client/bulk.ts'
import { definitions } from './client/definitions.ts'
import { importing } from './client/importing.ts'
import { metadata } from './client/metadata.ts'
import { annotated, read } from './client/read.ts'
import { sockets } from './client/sockets.ts'
import { upsert } from './client/upsert.ts'
import { component } from './component/component.ts'
import { forms } from './connector/forms.ts'
import { repeats } from './connector/repeats.ts'
import { actions } from './hub/actions.ts'
import { lease } from './hub/lease.ts'
import { start } from './hub/start.ts'
import type { Part } from './part.ts'

/** All parts, in the order in which they run. A new part is a file that gives a `Part`, and a line here. */
export const parts: readonly Part[] = [
  read,
  annotated,
  upsert,
  bulk,
  sockets,
  importing,
  metadata,
  definitions,
  forms,
  repeats,
  lease,
  actions,
  start,
  component,
]
