import type { Verb } from '../verb.ts'
import { alerts } from './alerts.ts'
import { apiKeys } from './api-keys.ts'
import { authClients } from './auth-clients.ts'
import { connect } from './connect.ts'
import { credentials } from './credentials.ts'
import { explain } from './explain.ts'
import { keys, sandbox, users } from './operate.ts'
import { raw, run } from './run.ts'
import { serve } from './serve.ts'
import { triggers } from './triggers.ts'
import { types } from './types.ts'
import { verify } from './verify.ts'

/** Every verb, in the order in which help names them. */
export const verbs: readonly Verb[] = [
  serve,
  connect,
  verify,
  ...credentials,
  ...authClients,
  run,
  raw,
  ...triggers,
  types,
  explain,
  alerts,
  ...apiKeys,
  keys,
  users,
  sandbox,
]
