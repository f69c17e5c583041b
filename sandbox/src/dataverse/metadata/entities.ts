import type { AlternateKey, ManyToMany, Relation, Schema, Table } from '../schema/model.ts'
import { label, managed, metadataId, type Plain } from './labels.ts'

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
    CanChangeTrackingBeEnabled: managed(true, 'canchangetrackingbeenabled'),
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
    EntitySetName: table.set,
    HasActivities: table.name === 'account' || table.name === 'contact',
    HasChanged: null,
    HasNotes: true,
    IntroducedVersion: '5.0.0.0',
    IsActivity: table.isActivity,
    IsActivityParty: false,
    IsAuditEnabled: managed(false, 'canmodifyauditsettings'),
    IsAvailableOffline: true,
    IsBusinessProcessEnabled: false,
    IsCustomEntity: false,
    IsCustomizable: managed(true, 'iscustomizable'),
    IsDuplicateDetectionEnabled: managed(false, 'canmodifyduplicatedetectionsettings'),
    IsIntersect: false,
    IsKnowledgeManagementEnabled: false,
    IsLogicalEntity: false,
    IsManaged: true,
    IsMappable: managed(true, 'ismappable', false),
    IsOptimisticConcurrencyEnabled: true,
    IsPrivate: false,
    IsRenameable: managed(true, 'isrenameable', false),
    IsStateModelAware: table.byName.has('statecode'),
    IsValidForAdvancedFind: true,
    LogicalCollectionName: table.set,
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
export function relationDefinitions(schema: Schema, table: Table, side: 'one' | 'many'): Plain[] {
  return schema.relations
    .filter((relation) => relation[side] === table.name)
    .map((relation) => relationDefinition(schema, relation))
}

export function manyToManyDefinitions(schema: Schema, table: Table): Plain[] {
  return schema.manyToMany
    .filter(({ first, second }) => first === table.name || second === table.name)
    .map((relation) => manyToManyDefinition(schema, relation))
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
    RelationshipBehavior: 1,
  }
}

function manyToManyDefinition(schema: Schema, relation: ManyToMany): Plain {
  return {
    ...common(relation.schemaName, 'ManyToManyRelationship'),
    Entity1LogicalName: relation.first,
    Entity1IntersectAttribute: schema.tables.get(relation.first)?.id.name ?? null,
    Entity1NavigationPropertyName: relation.schemaName,
    Entity2LogicalName: relation.second,
    Entity2IntersectAttribute: schema.tables.get(relation.second)?.id.name ?? null,
    Entity2NavigationPropertyName: relation.schemaName,
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
