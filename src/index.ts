export { type ClientOptions, createClient, type HubClient, HubError } from './http/client/index.ts'
export {
  type Configuration,
  configure,
  type HubOptions,
  type RunningHub,
  startHub,
} from './main.ts'
export { explainText } from './oauth/index.ts'
