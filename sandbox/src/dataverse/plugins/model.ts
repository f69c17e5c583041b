/** What stands for a plug-in: it refuses what it is registered for, and does nothing else. */
export interface Plugin {
  readonly table: string
  readonly message: 'Create' | 'Update' | 'Delete'
  /** The rows that it refuses, by the text of a column that the write sets; all when absent. */
  readonly when?: { readonly column: string; readonly contains: string }
  readonly error: {
    readonly message: string
    /** Of OperationStatus: 0 failed, 1 canceled, 2 retry and so on. */
    readonly operationStatus: number
    readonly subErrorCode: number
    readonly trace: string
  }
}
