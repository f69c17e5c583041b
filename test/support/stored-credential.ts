import { insertCredential, type Store } from '../../src/hub/store/index.ts'

/** Stores a Credential as other rows refer to it: nothing can be called with it. */
export async function storeCredential(store: Store) {
  const workspaceId = 'default'
  const credentialId = crypto.randomUUID()
  const at = new Date(0)
  await store.db
    .insertInto('auth_clients')
    .values({
      workspace_id: workspaceId,
      id: credentialId,
      name: 'App',
      client_id: 'app',
      authentication: 'none',
      authorization_endpoint: 'https://login.example/authorize',
      token_endpoint: 'https://login.example/token',
      created_at: at,
      updated_at: at,
    })
    .execute()
  await insertCredential(
    store.db,
    { workspaceId, id: credentialId, at: 0 },
    {
      name: 'CRM',
      auth_client_id: credentialId,
      base_url: 'https://org.example',
      environment_url: 'https://org.example',
      api_version: 'v9.2',
      grant_kind: 'app',
    },
  )
  return { workspaceId, credentialId }
}
