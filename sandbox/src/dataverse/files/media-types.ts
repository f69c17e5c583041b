const BY_EXTENSION: ReadonlyMap<string, string> = new Map([
  ['bmp', 'image/bmp'],
  ['csv', 'text/csv'],
  ['gif', 'image/gif'],
  ['html', 'text/html'],
  ['jpeg', 'image/jpeg'],
  ['jpg', 'image/jpeg'],
  ['json', 'application/json'],
  ['pdf', 'application/pdf'],
  ['png', 'image/png'],
  ['tif', 'image/tiff'],
  ['tiff', 'image/tiff'],
  ['txt', 'text/plain'],
  ['xml', 'text/xml'],
  ['zip', 'application/zip'],
])

/** The media type that a file's name speaks for. */
export function mediaTypeOf(name: string): string {
  const extension = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''
  return BY_EXTENSION.get(extension) ?? 'application/octet-stream'
}

const SIGNATURES: readonly (readonly [mediaType: string, extension: string, bytes: Buffer])[] = [
  ['image/gif', 'gif', Buffer.from('GIF8')],
  ['image/jpeg', 'jpg', Buffer.from([0xff, 0xd8, 0xff])],
  ['image/tiff', 'tif', Buffer.from('II*\0', 'latin1')],
  ['image/tiff', 'tif', Buffer.from('MM\0*', 'latin1')],
  ['image/bmp', 'bmp', Buffer.from('BM')],
  ['image/png', 'png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])],
]

/** The kind of an image by its first bytes; undefined when image columns do not take it. */
export function imageKind(
  bytes: Buffer,
): { readonly mediaType: string; readonly extension: string } | undefined {
  const found = SIGNATURES.find(([, , first]) => bytes.subarray(0, first.length).equals(first))
  return found && { mediaType: found[0], extension: found[1] }
}
