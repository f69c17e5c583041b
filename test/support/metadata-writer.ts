import { createDiskCache } from '../../src/dataverse/index.ts'
import { systemClock, systemRandom } from '../../src/kernel/index.ts'

// Writes and reads three keys of a cache that another process writes too; prints how often it read what
// nobody has written whole.
const [folder = '', name = ''] = process.argv.slice(2)
const cache = createDiskCache({ folder, clock: systemClock, random: systemRandom })
let broken = 0
for (let round = 0; round < 200; round += 1) {
  const key = `key ${round % 3}`
  await cache.write(key, { name, text: name.repeat(20_000), length: name.length * 20_000 })
  const found = Object(await cache.read(key))
  const whole = found.text?.length === found.length && found.text.startsWith(found.name)
  if (!whole) broken += 1
}
process.stdout.write(String(broken))
