import { createHash } from 'node:crypto'

export type Plain = Readonly<Record<string, unknown>>

/** A display text as definitions carry it; English is the only language here. */
export function label(text: string | undefined, place: string): Plain {
  if (text === undefined) return { LocalizedLabels: [], UserLocalizedLabel: null }
  const localized = {
    Label: text,
    LanguageCode: 1033,
    IsManaged: true,
    MetadataId: metadataId(`label ${place}`),
    HasChanged: null,
  }
  return { LocalizedLabels: [localized], UserLocalizedLabel: localized }
}

/** A property whose change can be forbidden. */
export function managed(value: unknown, name: string, canBeChanged = true): Plain {
  return { Value: value, CanBeChanged: canBeChanged, ManagedPropertyLogicalName: name }
}

/** The id of a definition: the same one for the same thing in every run. */
export function metadataId(place: string): string {
  const hex = createHash('sha256').update(place).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
