/** The headers of an answer. Names may be asked for in any case; `Headers` is one of these. */
export interface AnswerHeaders extends Iterable<[name: string, value: string]> {
  /** The value, several of the same name joined by commas; `null` where there is none. */
  get(name: string): string | null
}

type Fields = Readonly<Record<string, string | string[] | undefined>>

/** Wraps the fields that the parser gathered, without the cost of checking each of them once more. */
export function answerHeaders(fields: Fields): AnswerHeaders {
  const get = (name: string) => {
    const value = fields[name.toLowerCase()]
    return value === undefined ? null : joined(value)
  }
  return {
    get,
    *[Symbol.iterator]() {
      for (const [name, value] of Object.entries(fields))
        if (value !== undefined) yield [name, joined(value)]
    },
  }
}

function joined(value: string | readonly string[]): string {
  return typeof value === 'string' ? value : value.join(', ')
}
