import type { CallOptions } from '../call-options.ts'
import { type DataverseError, invalidArgument } from '../errors/dataverse-error.ts'

/** How far an upload or download has come. */
export interface Progress {
  readonly bytes: number
  /** Where it is known. */
  readonly total?: number
}

/** How to upload. */
export interface UploadOptions extends CallOptions {
  readonly fileName: string
  /** The number of bytes, where it is known; it must be right. */
  readonly size?: number
  /** Such as `application/pdf`; kept only where the size is not known. */
  readonly mimeType?: string
  /** Called after each part; it must not throw. */
  readonly onProgress?: (progress: Progress) => void
}

/** What was stored. */
export interface UploadedFile {
  readonly bytes: number
  readonly fileId?: string
}

// The service takes 4 MB in one part of a file.
// https://learn.microsoft.com/power-apps/developer/data-platform/file-column-data
export const PART_BYTES = 4 * 1024 * 1024

/** Writes the name of a file where the service looks for it: a header takes ASCII only. */
export function nameParts(fileName: string): {
  readonly headers: Readonly<Record<string, string>>
  readonly search: string
} {
  return /^[\x20-\x7e]+$/.test(fileName)
    ? { headers: { 'x-ms-file-name': fileName }, search: '' }
    : { headers: {}, search: `?x-ms-file-name=${encodeURIComponent(fileName)}` }
}

/** Tells that a source did not hold as many bytes as it was said to. */
export function wrongSize(size: number): DataverseError {
  return invalidArgument(
    'size',
    `the source does not hold the ${size} bytes that were announced`,
    'Give the size of the source, or leave it out.',
  )
}
