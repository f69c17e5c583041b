/**
 * `import … from 'node:http'` also reads its exports of WebSocket, and so loads an HTTP client that nobody
 * here uses: 30 ms of every start.
 */
export const { createServer, STATUS_CODES, validateHeaderName, validateHeaderValue } =
  process.getBuiltinModule('node:http')
