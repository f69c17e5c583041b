const HEX = /^0x[0-9a-f]{1,8}$/i
const DECIMAL = /^[+-]?\d{1,10}$/

/**
 * Brings a Dataverse error code to one form: `0x` and eight lower-case hex digits, or `0x0`.
 *
 * The service writes codes as hex in either case, as decimals, signed or not, as `0x0`, or leaves
 * them empty; what is no code at all is `undefined`.
 */
export function normaliseErrorCode(code: unknown): string | undefined {
  const value = typeof code === 'string' ? toNumber(code.trim()) : code
  if (typeof value !== 'number' || !Number.isInteger(value)) return undefined
  if (value < -0x8000_0000 || value > 0xffff_ffff) return undefined
  return value === 0 ? '0x0' : `0x${(value >>> 0).toString(16).padStart(8, '0')}`
}

function toNumber(text: string): number | undefined {
  return HEX.test(text) || DECIMAL.test(text) ? Number(text) : undefined
}
