import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Layout } from './layout.ts'
import { dataPathFor, type ServerUser } from './server-user.ts'

/** Where the server listens: a socket in a folder or, where there are none, a port of the loopback. */
export type ListenAt = { readonly folder: string } | { readonly port: number }

/** The settings of an embedded server: small, durable, silent about the contents of statements. */
const SETTINGS: Readonly<Record<string, string>> = {
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  max_connections: '100',
  shared_buffers: '64MB',
  max_wal_size: '512MB',
  min_wal_size: '32MB',
  // Parallel workers share memory in /dev/shm, of which containers have little; one hub gains nothing.
  max_parallel_workers_per_gather: '0',
  max_worker_processes: '2',
  io_method: 'sync',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Errors of statements quote values, so that the log holds the server's own words only.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
  log_connections: '',
  logging_collector: 'off',
}

/** Writes the command line of a server; its configuration file is left as it was made. */
export async function serverArguments(
  layout: Layout,
  listen: ListenAt,
  options: { readonly user: ServerUser; readonly settings?: Readonly<Record<string, string>> },
): Promise<string[]> {
  const address =
    'folder' in listen
      ? {
          listen_addresses: '',
          unix_socket_directories: listen.folder,
          unix_socket_permissions: '0700',
        }
      : { listen_addresses: '127.0.0.1', port: String(listen.port || (await freePort())) }
  const settings = {
    ...SETTINGS,
    ...options.settings,
    ...address,
    cluster_name: layout.clusterName,
  }
  const pairs = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  return ['-D', dataPathFor(layout.data, options.user), ...pairs]
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address ? address.port : 0
}
