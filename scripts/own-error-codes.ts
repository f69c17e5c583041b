import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root } from './command.ts'

/** The stable codes that one room's errors carry. */
export interface OwnCodes {
  readonly title: string
  readonly codes: readonly string[]
}

/** Reads the codes from the types that declare them: `type XxxErrorCode = 'a' | 'b'`. */
export function ownCodes(): readonly OwnCodes[] {
  const source = join(root, 'src')
  if (!existsSync(source)) return []
  const byRoom = new Map<string, Set<string>>()
  for (const path of globSync('**/*.ts', { cwd: source }).toSorted()) {
    if (path.endsWith('.test.ts')) continue
    const text = readFileSync(join(source, path), 'utf8')
    for (const [, union = ''] of text.matchAll(/type \w+ErrorCode\s*=((?:\s*\|?\s*'\w+')+)/g)) {
      const room = relative('.', path).split(/[\\/]/).slice(0, -1).slice(0, 2).join('/')
      const codes = byRoom.get(room) ?? new Set()
      for (const [, code = ''] of union.matchAll(/'(\w+)'/g)) codes.add(code)
      byRoom.set(room, codes)
    }
  }
  return [...byRoom].map(([room, codes]) => ({
    title: `\`${room}\``,
    codes: [...codes].toSorted(),
  }))
}
