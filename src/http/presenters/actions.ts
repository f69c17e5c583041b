import type { Form } from '../../hub/runs/index.ts'
import { presentExplanation } from './connect.ts'

/** Shows a form; what it still lacks is shown as an error is. */
export function presentForm({ unfinished, ...form }: Form) {
  if (unfinished === undefined) return form
  const { code, explanation, facts } = unfinished
  return {
    ...form,
    unfinished: { ...presentExplanation({ code, ...explanation }), facts: { ...facts } },
  }
}
