/** Cuts what somebody wrote to so many characters, without those that a terminal would obey or that are halves. */
export function shownText(text: string, most: number): string {
  return text
    .slice(0, most)
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, '\ufffd')
}
