export { normalizeDataverseCode } from './dataverse-code.ts'
export { CATALOGUE, type CatalogueChapter, entryOf } from './entries.ts'
export type { Affects, CatalogueEntry, CatalogueExplanation, Hints } from './entry.ts'
export { type Evidence, faultOfResource, looksLikeSecretId } from './evidence.ts'
export {
  aadstsLink,
  DATAVERSE_LINK,
  explainAadsts,
  explainDataverse,
  explainOAuthError,
} from './explain-code.ts'
export { explainText, type TextExplanation } from './explain-text.ts'
