/** A property that is there only where its value is known. */
export function known<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { readonly [K in Key]?: Value } {
  const none: { readonly [K in Key]?: Value } = {}
  return value === undefined ? none : { ...none, [key]: value }
}
