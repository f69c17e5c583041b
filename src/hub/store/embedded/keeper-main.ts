import { systemClock } from '../../../kernel/index.ts'
import { keep } from './keeper.ts'
import { layoutOf } from './layout.ts'

// A terminal that closes or a Ctrl-C meant for the hub must not take the keeper away from its server.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined)

const [folder] = process.argv.slice(2)
if (folder === undefined) process.exitCode = 2
else await keep(layoutOf(folder), systemClock)
