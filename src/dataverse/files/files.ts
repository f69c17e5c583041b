import type { CallOptions } from '../call-options.ts'
import type { Session } from '../session.ts'
import type { Schema } from '../write/schema.ts'
import type { ByteSource } from './byte-reader.ts'
import { type DownloadedFile, type DownloadOptions, downloadFile } from './download.ts'
import { type FileName, type FileTarget, fileTarget } from './file-target.ts'
import { uploadFile } from './upload.ts'
import type { UploadedFile, UploadOptions } from './upload-options.ts'

/**
 * The files and images of rows. However long a file is, no more than one part of it is held.
 *
 * @see https://learn.microsoft.com/power-apps/developer/data-platform/file-column-data
 */
export class Files {
  readonly #session: Session
  readonly #schema: Schema

  constructor(session: Session, schema: Schema) {
    this.#session = session
    this.#schema = schema
  }

  /**
   * Uploads a file from bytes or a stream, whose length need not be known.
   *
   * @example
   * ```ts
   * import { createReadStream } from 'node:fs'
   * import type { DataverseClient } from 'fairlead/dataverse'
   *
   * declare const client: DataverseClient
   *
   * const key = '01234567-89ab-cdef-0123-456789abcdef'
   * const contract = { table: 'account', key, column: 'new_contract' }
   * await client.files.upload(contract, createReadStream('contract.pdf'), {
   *   fileName: 'contract.pdf',
   *   mimeType: 'application/pdf',
   * })
   * const file = await client.files.download(contract)
   * for await (const piece of file?.bytes ?? []) process.stdout.write(piece)
   * ```
   * @throws DataverseError `too_large` before the service would say so, `invalid_argument`, `not_found`
   */
  async upload(file: FileName, source: ByteSource, options: UploadOptions): Promise<UploadedFile> {
    const call = { ...options, ...this.#session.begin(options) }
    return uploadFile(this.#session, await this.#target(file, call), source, call)
  }

  /**
   * Downloads a file part by part, going on where a part breaks off; nothing where there is none.
   *
   * @throws DataverseError `conflict` from `bytes` where the file is changed meanwhile
   */
  async download(
    file: FileName,
    options: DownloadOptions = {},
  ): Promise<DownloadedFile | undefined> {
    const call = { ...options, ...this.#session.begin(options) }
    return downloadFile(this.#session, await this.#target(file, call), call)
  }

  /** Deletes a file or image; its row stays. */
  async delete(file: FileName, options: CallOptions = {}): Promise<void> {
    const call = this.#session.begin(options)
    const { path } = await this.#target(file, call)
    const done = { method: 'DELETE', path, idempotent: true, allowRepeated: [404] } as const
    await this.#session.perform({ ...done, read: () => undefined }, call)
  }

  async #target(file: FileName, options: CallOptions): Promise<FileTarget> {
    return fileTarget(await this.#schema.definition(file.table, options), file)
  }
}
