export { type ClientOptions, createClient, type HubClient, HubError } from './http/client/index.ts'
export {
  type Configuration,
  configure,
  explainText,
  type HubOptions,
  type RunningHub,
  startHub,
} from './main.ts'
