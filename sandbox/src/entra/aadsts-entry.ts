/** OAuth `error`, HTTP status of the token endpoint, text with {places}, `suberror`. */
export type AadstsEntry = readonly [error: string, status: number, text: string, suberror?: string]

/** What 700016 and 500011 add. */
export const NOT_INSTALLED =
  'This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.'
