const UINT32 = 0x1_0000_0000

/**
 * Writes a Dataverse code in the catalogue's form, `0x` and eight lower-case hex digits.
 * Takes hex in any case and signed or unsigned decimals; `undefined` for empty, zero and anything else.
 */
export function normalizeDataverseCode(code: string | number): string | undefined {
  const text = String(code).trim()
  const value = /^0x[0-9a-f]{1,8}$/i.test(text)
    ? Number.parseInt(text.slice(2), 16)
    : /^-?\d{1,10}$/.test(text)
      ? Number(text)
      : 0
  if (value === 0 || value < -UINT32 / 2 || value >= UINT32) return undefined
  return `0x${(value < 0 ? value + UINT32 : value).toString(16).padStart(8, '0')}`
}
