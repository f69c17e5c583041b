export { createHttp, type Http, type HttpOptions, type Listening } from './create-http.ts'
export type { ActionCall, Actions, Discovered, Hub } from './hub.ts'
export { type ListenOptions, type OpenPort, openPort, type Serve } from './server/open-port.ts'
