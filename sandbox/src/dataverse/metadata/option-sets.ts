import { NAMESPACE } from '../query/expression.ts'
import type { Choice, Column, GlobalChoices, Table } from '../schema/model.ts'
import { label, managed, metadataId, type Plain } from './labels.ts'

const OPTION_TYPES: Readonly<Record<string, string>> = {
  State: 'StateOptionMetadata',
  Status: 'StatusOptionMetadata',
}

/** The choices of a column with their labels; null when it shares those of others. */
export function optionSet(table: Table, column: Column): Plain | null {
  if (column.globalChoices !== undefined) return null
  const place = `${table.name}.${column.name}`
  const options = column.choices.map((choice) => option(choice, place, column.type))
  const common = describe(place, `${table.name}_${column.name}`, column.label)
  if (column.type !== 'Boolean') {
    return { ...common, OptionSetType: column.type, Options: options }
  }
  const of = (value: number) => options.find((choice) => choice['Value'] === value) ?? null
  return { ...common, OptionSetType: 'Boolean', FalseOption: of(0), TrueOption: of(1) }
}

/** Choices that several columns share. */
export function globalOptionSet({ name, label: text, choices }: GlobalChoices): Plain {
  return {
    ...describe(`global ${name}`, name, text),
    IsGlobal: true,
    OptionSetType: 'Picklist',
    ParentOptionSetName: null,
    Options: choices.map((choice) => option(choice, `global ${name}`, 'Picklist')),
  }
}

function describe(place: string, name: string, text: string): Plain {
  return {
    Description: label(undefined, place),
    DisplayName: label(text, place),
    ExternalTypeName: null,
    HasChanged: null,
    IntroducedVersion: '5.0.0.0',
    IsCustomOptionSet: false,
    IsCustomizable: managed(true, 'iscustomizable'),
    IsGlobal: false,
    IsManaged: true,
    MetadataId: metadataId(`options ${place}`),
    Name: name,
  }
}

function option({ value, label: text, state }: Choice, place: string, type: string): Plain {
  const kind = OPTION_TYPES[type]
  return {
    ...(kind === undefined ? {} : { '@odata.type': `#${NAMESPACE}${kind}` }),
    Value: value,
    Label: label(text, `${place}=${value}`),
    Description: label(undefined, place),
    Color: null,
    IsManaged: true,
    ExternalValue: '',
    ParentValues: [],
    Tag: null,
    IsHidden: false,
    MetadataId: null,
    HasChanged: null,
    ...(state === undefined ? {} : { State: state, TransitionData: null }),
  }
}
