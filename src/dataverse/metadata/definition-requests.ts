import { propertyName } from '../query/property-name.ts'
import type { ColumnType } from './column-type.ts'
import { ATTRIBUTE_PROPERTIES, SUMMARY_PROPERTIES } from './properties.ts'

const SUMMARY = SUMMARY_PROPERTIES.join(',')

const EXPANDED = [
  `Attributes($select=${ATTRIBUTE_PROPERTIES.join(',')})`,
  'Keys($select=LogicalName,KeyAttributes,EntityKeyIndexStatus)',
  'ManyToOneRelationships($select=ReferencingAttribute,ReferencedEntity,ReferencingEntityNavigationPropertyName)',
  'OneToManyRelationships($select=SchemaName,ReferencingAttribute,ReferencingEntity,ReferencedEntityNavigationPropertyName)',
  'ManyToManyRelationships($select=SchemaName,IntersectEntityName,Entity1LogicalName,Entity2LogicalName,Entity1NavigationPropertyName,Entity2NavigationPropertyName)',
]

// What only the derived types of columns tell, one type for each request.
// https://learn.microsoft.com/power-apps/developer/data-platform/webapi/query-metadata-web-api
const CASTS: readonly (readonly [cast: string, types: readonly ColumnType[], wanted: string])[] = [
  ['String', ['string'], 'MaxLength,FormatName'],
  ['Memo', ['memo'], 'MaxLength,Format'],
  ['Integer', ['integer'], 'MinValue,MaxValue,Format'],
  ['Decimal', ['decimal'], 'MinValue,MaxValue,Precision'],
  ['Double', ['double'], 'MinValue,MaxValue,Precision'],
  ['Money', ['money'], 'MinValue,MaxValue,Precision'],
  ['DateTime', ['datetime'], 'DateTimeBehavior,Format'],
  ['Lookup', ['lookup', 'customer', 'owner', 'partylist'], 'Targets'],
  ['Picklist', ['choice'], 'DefaultFormValue&$expand=OptionSet,GlobalOptionSet'],
  ['MultiSelectPicklist', ['choices'], '&$expand=OptionSet,GlobalOptionSet'],
  ['State', ['state'], '&$expand=OptionSet'],
  ['Status', ['status'], '&$expand=OptionSet'],
  ['Boolean', ['boolean'], '&$expand=OptionSet'],
  ['File', ['file'], 'MaxSizeInKB'],
  ['Image', ['image'], 'MaxSizeInKB,IsPrimaryImage'],
]

/** The path of the list of all tables, without their columns. */
export const LIST_PATH = `EntityDefinitions?$select=${SUMMARY}`

/** The path of one table with what all its columns tell, its keys and its relations. */
export function tablePath(logicalName: string): string {
  return `${address(logicalName)}?$select=${SUMMARY}&$expand=${EXPANDED.join(',')}`
}

/** The paths of what only columns of these types tell, no more of them than there are types. */
export function detailPaths(
  logicalName: string,
  types: ReadonlySet<ColumnType>,
): readonly string[] {
  return CASTS.flatMap(([cast, ofTypes, wanted]) => {
    if (!ofTypes.some((type) => types.has(type))) return []
    const select = `LogicalName${wanted.startsWith('&') ? '' : ','}${wanted}`
    const type = `Microsoft.Dynamics.CRM.${cast}AttributeMetadata`
    return [`${address(logicalName)}/Attributes/${type}?$select=${select}`]
  })
}

function address(logicalName: string): string {
  return `EntityDefinitions(LogicalName='${propertyName(logicalName, 'table')}')`
}
