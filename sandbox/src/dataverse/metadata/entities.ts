import type { AlternateKey, ManyToMany, Relation, Schema, Table } from '../schema/model.ts'
import { label, managed, metadataId, type Plain } from './labels.ts'

/** Tables whose rows can take part in an activity. */
const PARTIES = new Set([
  'account',
  'contact',
  'lead',
  'opportunity',
  'systemuser',
  'team',
  'queue',
  'incident',
])

/** The definition of a table without its columns, keys and relationships. */
export function entityDefinition(table: Table): Plain {
  const yes = (name: string): Plain => managed(true, name, false)
  return {
    ActivityTypeMask: table.isActivity ? 1 : 0,
    AutoCreateAccessTeams: false,
    AutoRouteToOwnerQueue: false,
    CanBeInCustomEntityAssociation: yes('canbeincustomentityassociation'),
    CanBeInManyToMany: yes('canbeinmanytomany'),
    CanBePrimaryEntityInRelationship: yes('canbeprimaryentityinrelationship'),
    CanBeRelatedEntityInRelationship: yes('canberelatedentityinrelationship'),
    CanChangeHierarchicalRelationship: yes('canchangehierarchicalrelationship'),
    CanChangeTrackingBeEnabled: managed(!table.isIntersect, 'canchangetrackingbeenabled'),
    CanCreateAttributes: managed(table.ownership === 'UserOwned', 'cancreateattributes', false),
    CanCreateCharts: yes('cancreatecharts'),
    CanCreateForms: yes('cancreateforms'),
    CanCreateViews: yes('cancreateviews'),
    CanTriggerWorkflow: true,
    ChangeTrackingEnabled: table.changeTracking,
    CollectionSchemaName: `${table.schemaName}s`,
    DataProviderId: null,
    DataSourceId: null,
    Description: label(undefined, table.name),
    DisplayCollectionName: label(table.plural, `${table.name} plural`),
    DisplayName: label(table.label, table.name),
    EntitySetName: table.set || null,
    HasActivities: table.name === 'account' || table.name === 'contact',
    HasChanged: null,
    HasNotes: true,
    IntroducedVersion: '5.0.0.0',
    IsActivity: table.isActivity,
    IsActivityParty: PARTIES.has(table.name),
    IsAuditEnabled: managed(false, 'canmodifyauditsettings'),
    IsAvailableOffline: true,
    IsBusinessProcessEnabled: false,
    IsCustomEntity: table.name.includes('_'),
    IsCustomizable: managed(true, 'iscustomizable'),
    IsDuplicateDetectionEnabled: managed(false, 'canmodifyduplicatedetectionsettings'),
    IsIntersect: table.isIntersect,
    IsKnowledgeManagementEnabled: false,
    IsLogicalEntity: false,
    IsManaged: true,
    IsMappable: managed(true, 'ismappable', false),
    IsOptimisticConcurrencyEnabled: table.byName.has('versionnumber') && !table.isIntersect,
    IsPrivate: false,
    IsRenameable: managed(true, 'isrenameable', false),
    IsStateModelAware: table.byName.has('statecode'),
    IsValidForAdvancedFind: true,
    LogicalCollectionName: table.set || null,
    LogicalName: table.name,
    MetadataId: metadataId(table.name),
    ObjectTypeCode: table.typeCode,
    OwnershipType: table.ownership,
    PrimaryIdAttribute: table.id.name,
    PrimaryImageAttribute: table.byName.has('entityimage') ? 'entityimage' : null,
    PrimaryNameAttribute: table.title?.name ?? null,
    RecurrenceBaseEntityLogicalName: null,
    SchemaName: table.schemaName,
    TableType: 'Standard',
  }
}

export function keyDefinition(table: Table, key: AlternateKey): Plain {
  return {
    AsyncJob: null,
    DisplayName: label(key.label, `${table.name} key ${key.name}`),
    EntityKeyIndexStatus: 'Active',
    EntityLogicalName: table.name,
    HasChanged: null,
    IntroducedVersion: '1.0.0.0',
    IsCustomizable: managed(true, 'iscustomizable'),
    IsManaged: false,
    IsSynchronous: false,
    KeyAttributes: key.columns.map((column) => column.name),
    LogicalName: key.name,
    MetadataId: metadataId(`${table.name} key ${key.name}`),
    SchemaName: key.schemaName,
  }
}

/** One-to-many relationships in which the table is the one, or the many. */
export function allRelationDefinitions(schema: Schema): Plain[] {
  return [
    ...schema.relations.map((relation) => relationDefinition(schema, relation)),
    ...schema.manyToMany.map(manyToManyDefinition),
  ]
}

export function relationDefinitions(schema: Schema, table: Table, side: 'one' | 'many'): Plain[] {
  return schema.relations
    .filter((relation) => relation[side] === table.name)
    .map((relation) => relationDefinition(schema, relation))
}

export function manyToManyDefinitions(schema: Schema, table: Table): Plain[] {
  return schema.manyToMany
    .filter(({ first, second }) => first === table.name || second === table.name)
    .map(manyToManyDefinition)
}

function relationDefinition(schema: Schema, relation: Relation): Plain {
  return {
    ...common(relation.schemaName, 'OneToManyRelationship'),
    ReferencedAttribute: schema.tables.get(relation.one)?.id.name ?? 'ownerid',
    ReferencedEntity: relation.one,
    ReferencedEntityNavigationPropertyName: relation.oneNavigation,
    ReferencingAttribute: relation.column,
    ReferencingEntity: relation.many,
    ReferencingEntityNavigationPropertyName: relation.manyNavigation,
    IsHierarchical: relation.one === relation.many,
    CascadeConfiguration: cascade(relation),
    RelationshipBehavior: 1,
  }
}

/** Only what deletion does is known; rows that go with their parent also follow it in all else. */
function cascade({ onDelete }: Relation): Plain {
  const other = onDelete === 'Cascade' ? 'Cascade' : 'NoCascade'
  return {
    Assign: other,
    Delete: onDelete,
    Archive: 'NoCascade',
    Merge: other,
    Reparent: other,
    Share: other,
    Unshare: other,
    RollupView: 'NoCascade',
  }
}

function manyToManyDefinition(relation: ManyToMany): Plain {
  return {
    ...common(relation.schemaName, 'ManyToManyRelationship'),
    Entity1LogicalName: relation.first,
    Entity1IntersectAttribute: relation.firstColumn || null,
    Entity1NavigationPropertyName: relation.firstNavigation,
    Entity2LogicalName: relation.second,
    Entity2IntersectAttribute: relation.secondColumn || null,
    Entity2NavigationPropertyName: relation.secondNavigation,
    IntersectEntityName: relation.between,
  }
}

function common(schemaName: string, type: string): Plain {
  return {
    HasChanged: null,
    IntroducedVersion: '5.0.0.0',
    IsCustomRelationship: false,
    IsCustomizable: managed(true, 'iscustomizable'),
    IsManaged: true,
    IsValidForAdvancedFind: true,
    MetadataId: metadataId(`relation ${schemaName}`),
    RelationshipType: type,
    SchemaName: schemaName,
    SecurityTypes: 'Append',
  }
}
