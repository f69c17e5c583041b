export {
  type CallOptions,
  type ClientOptions,
  createClient,
  type Download,
  type Fetch,
  type HubClient,
} from './client.ts'
export { HubError } from './hub-error.ts'
