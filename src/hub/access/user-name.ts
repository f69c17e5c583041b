import { AccessError } from './access-error.ts'

/** The form of a user's name that is compared and counted. */
export function nameKeyOf(name: string): string {
  return name.normalize('NFKC').trim().toLowerCase()
}

/** Refuses a name that cannot be typed or told apart. @throws AccessError `name_unsuitable` */
export function checkUserName(name: string): string {
  const trimmed = name.trim()
  if (trimmed.length > 0 && trimmed.length <= 200 && !/\p{C}/u.test(trimmed)) return trimmed
  throw new AccessError('name_unsuitable', {
    what: 'This name cannot be used.',
    why: 'It is empty, longer than 200 characters, or holds characters that cannot be seen.',
    remedy: 'Choose another name, for example an e-mail address.',
    facts: { field: 'name' },
  })
}
