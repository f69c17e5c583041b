import { once } from 'node:events'
import { configure, startHub } from '../../src/main.ts'

// A hub as `fairlead serve` starts it, in a process of its own. It prints its address and a key, and ends
// with its standard input.
const stop = new AbortController()
const hub = await startHub(configure(), { signal: stop.signal })
const key = await hub.issueOperatorKey()
process.stdout.write(`${JSON.stringify({ url: hub.url.origin, key: key.reveal() })}\n`)
await once(process.stdin.resume(), 'end')
await hub[Symbol.asyncDispose]()
