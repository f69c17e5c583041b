const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i

/** Reads a GUID in any of its usual spellings, with braces and in capitals too; else `undefined`. */
export function parseGuid(text: string): string | undefined {
  const trimmed = text.trim()
  const bare = /^\{.*\}$/.test(trimmed) ? trimmed.slice(1, -1) : trimmed
  return GUID.test(bare) ? bare.toLowerCase() : undefined
}
