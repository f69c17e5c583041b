/** A quarter of a fiscal year. The sandbox's fiscal year is the calendar year, in four periods. */
export interface FiscalPeriod {
  readonly year: number
  /** 1 to 4. */
  readonly period: number
}

const PERIODS = 4

/** The fiscal period that a time, in ms since 1970, falls into. */
export function fiscalPeriodOf(time: number): FiscalPeriod {
  const date = new Date(time)
  return { year: date.getUTCFullYear(), period: Math.floor(date.getUTCMonth() / 3) + 1 }
}

/** A fiscal period as one number that rises by one from each period to the next. */
function fiscalOrdinal({ year, period }: FiscalPeriod): number {
  return year * PERIODS + period - 1
}

/** A fiscal period as formatted values name it. */
export function fiscalPeriodLabel({ year, period }: FiscalPeriod): string {
  return `Quarter ${period} FY${year}`
}

/** Makes the test of a fiscal function at this time; undefined when the name is none of these. */
export function fiscalTest(
  name: string,
  now: number,
  numbers: () => readonly number[],
): ((time: number) => boolean) | undefined {
  const today = fiscalOrdinal(fiscalPeriodOf(now))
  const period = (time: number): number => fiscalOrdinal(fiscalPeriodOf(time))
  const year = (time: number): number => fiscalPeriodOf(time).year
  const moved = /^(Last|This|Next)Fiscal(Period|Year)$/.exec(name)
  if (moved) {
    const shift = moved[1] === 'Last' ? -1 : moved[1] === 'Next' ? 1 : 0
    if (moved[2] === 'Period') return (time) => period(time) === today + shift
    return (time) => year(time) === year(now) + shift
  }
  const counted = /^(Last|Next)XFiscal(Periods|Years)$/.exec(name)
  if (counted) {
    const [count = 0] = numbers()
    const place = counted[2] === 'Periods' ? period : year
    const sign = counted[1] === 'Last' ? -1 : 1
    return (time) => {
      const distance = (place(time) - place(now)) * sign
      return distance >= 1 && distance <= count
    }
  }
  const [first = 0, second = 0] = /^In(?:OrAfter|OrBefore)?Fiscal/.test(name) ? numbers() : []
  const wanted = fiscalOrdinal({ period: first, year: second })
  switch (name) {
    case 'InFiscalPeriod':
      return (time) => fiscalPeriodOf(time).period === first
    case 'InFiscalYear':
      return (time) => year(time) === first
    case 'InFiscalPeriodAndYear':
      return (time) => period(time) === wanted
    case 'InOrAfterFiscalPeriodAndYear':
      return (time) => period(time) >= wanted
    case 'InOrBeforeFiscalPeriodAndYear':
      return (time) => period(time) <= wanted
    default:
      return undefined
  }
}
