import { propertyName } from '../query/property-name.ts'
import { ATTRIBUTE_PROPERTIES, DETAIL_PROPERTIES, SUMMARY_PROPERTIES } from './properties.ts'

// One function reads definitions with all that derived types tell, in one answer, and tells what has
// changed since an earlier answer's stamp.
// https://learn.microsoft.com/power-apps/developer/data-platform/query-schema-definitions
const FUNCTION = 'RetrieveMetadataChanges'
const CHILDREN = [
  'Attributes',
  'Keys',
  'ManyToOneRelationships',
  'OneToManyRelationships',
  'ManyToManyRelationships',
]
const RELATION_PROPERTIES = [
  'SchemaName',
  'ReferencingAttribute',
  'ReferencingEntity',
  'ReferencedEntity',
  'ReferencingEntityNavigationPropertyName',
  'ReferencedEntityNavigationPropertyName',
  'IntersectEntityName',
  'Entity1LogicalName',
  'Entity2LogicalName',
  'Entity1NavigationPropertyName',
  'Entity2NavigationPropertyName',
]

/** The path of all tables without their columns; since a stamp, of those that changed or are gone. */
export function listChangesPath(stamp?: string): string {
  return path({ Properties: names(SUMMARY_PROPERTIES) }, stamp)
}

/** The path of one whole table. */
export function tableReadPath(logicalName: string): string {
  return path({
    Criteria: only(logicalName),
    Properties: names([...SUMMARY_PROPERTIES, ...CHILDREN]),
    AttributeQuery: { Properties: names([...ATTRIBUTE_PROPERTIES, ...DETAIL_PROPERTIES]) },
    RelationshipQuery: { Properties: names(RELATION_PROPERTIES) },
    KeyQuery: { Properties: names(['LogicalName', 'KeyAttributes', 'EntityKeyIndexStatus']) },
  })
}

/** The path of what changed of one table since a stamp: of each part its name only. */
export function tableChangesPath(logicalName: string, stamp: string): string {
  const query = {
    Criteria: only(logicalName),
    Properties: names(['LogicalName', 'DisplayName', ...CHILDREN]),
    // Options have no query of their own: they change with their column.
    AttributeQuery: { Properties: names(['LogicalName', 'DisplayName', 'OptionSet']) },
    RelationshipQuery: { Properties: names(['SchemaName']) },
    KeyQuery: { Properties: names(['LogicalName', 'EntityKeyIndexStatus']) },
  }
  return path(query, stamp)
}

function path(query: object, stamp?: string): string {
  const json = encodeURIComponent(JSON.stringify(query))
  if (stamp === undefined) return `${FUNCTION}(Query=@p1)?@p1=${json}`
  // What is gone is told only where both are given.
  const text = encodeURIComponent(`'${stamp.replaceAll("'", "''")}'`)
  const filters = encodeURIComponent("Microsoft.Dynamics.CRM.DeletedMetadataFilters'All'")
  const parameters = 'Query=@p1,ClientVersionStamp=@p2,DeletedMetadataFilters=@p3'
  return `${FUNCTION}(${parameters})?@p1=${json}&@p2=${text}&@p3=${filters}`
}

function names(properties: readonly string[]) {
  return { AllProperties: false, PropertyNames: properties }
}

function only(logicalName: string) {
  const value = { Type: 'System.String', Value: propertyName(logicalName, 'table') }
  const condition = { PropertyName: 'LogicalName', ConditionOperator: 'Equals', Value: value }
  return { FilterOperator: 'And', Conditions: [condition] }
}
