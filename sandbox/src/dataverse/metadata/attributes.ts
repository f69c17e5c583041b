import { isPrimaryImage, keepsFullImage } from '../files/images.ts'
import type { Column, ColumnType, Table } from '../schema/model.ts'
import type { Listed } from './companions.ts'
import { label, managed, metadataId, type Plain } from './labels.ts'

/** The definition type that describes a column of this type. */
export function attributeClass(type: ColumnType): string {
  switch (type) {
    case 'Customer':
    case 'Owner':
    case 'PartyList':
      return 'LookupAttributeMetadata'
    case 'Uniqueidentifier':
      return 'UniqueIdentifierAttributeMetadata'
    case 'Virtual':
      return 'AttributeMetadata'
    default:
      return `${type}AttributeMetadata`
  }
}

const VIRTUAL = new Set<ColumnType>(['File', 'Image', 'MultiSelectPicklist'])

// What no form can show in the exported definitions of tables that have them.
const OFF_FORMS = new Set([
  'importsequencenumber',
  'overriddencreatedon',
  'owningteam',
  'owninguser',
  'participatesinworkflow',
  'processid',
  'slainvokedid',
  'stageid',
  'teamsfollowed',
  'timezoneruleversionnumber',
  'traversedpath',
  'utcconversiontimezonecode',
  'versionnumber',
])

/** What every column's definition tells. */
export function baseAttribute(table: Table, { column, of, inRows }: Listed): Plain {
  const place = `${table.name}.${column.name}`
  return {
    AttributeOf: of ?? null,
    AttributeType: VIRTUAL.has(column.type) ? 'Virtual' : column.type,
    AttributeTypeName: { Value: `${column.type}Type` },
    CanBeSecuredForCreate: false,
    CanBeSecuredForRead: false,
    CanBeSecuredForUpdate: false,
    CanModifyAdditionalSettings: managed(true, 'canmodifyadditionalsettings', false),
    ColumnNumber: column.index + 1,
    DeprecatedVersion: null,
    Description: label(undefined, place),
    DisplayName: label(column.label, place),
    EntityLogicalName: table.name,
    ExternalName: null,
    HasChanged: null,
    InheritsFrom: null,
    IntroducedVersion: '5.0.0.0',
    IsAuditEnabled: managed(false, 'canmodifyauditsettings'),
    IsCustomAttribute: /^(new|sample)_/.test(column.name),
    IsCustomizable: managed(true, 'iscustomizable', false),
    IsDataSourceSecret: false,
    IsFilterable: false,
    IsGlobalFilterEnabled: managed(false, 'canmodifyglobalfiltersettings'),
    IsLogical: false,
    IsManaged: true,
    IsPrimaryId: column === table.id,
    IsPrimaryName: column === table.title,
    IsRenameable: managed(true, 'isrenameable', false),
    IsRequiredForForm: false,
    IsRetrievable: true,
    IsSearchable: column === table.title,
    IsSecured: false,
    IsSortableEnabled: managed(false, 'canmodifyissortablesettings'),
    IsValidForAdvancedFind: managed(true, 'canmodifysearchsettings'),
    IsValidForCreate: column.create,
    IsValidForForm: of === undefined && column !== table.id && !OFF_FORMS.has(column.name),
    IsValidForGrid: true,
    IsValidForRead: true,
    IsValidForUpdate: column.update,
    IsValidODataAttribute: inRows,
    LinkedAttributeId: null,
    LogicalName: column.name,
    MetadataId: metadataId(place),
    RequiredLevel: managed(column.required, 'canmodifyrequirementlevelsettings'),
    SchemaName: column.schemaName,
    SourceType: column.storage === 'number' || column.storage === 'text' ? 0 : null,
  }
}

/** What the definition of a column of this type tells besides. */
export function specificAttribute(column: Column): Plain {
  return numberAttribute(column) ?? textAttribute(column) ?? otherAttribute(column)
}

function numberAttribute(column: Column): Plain | undefined {
  switch (column.type) {
    case 'Integer':
      return {
        Format: column.format ?? 'None',
        MinValue: column.min ?? -2_147_483_648,
        MaxValue: column.max ?? 2_147_483_647,
      }
    case 'BigInt':
      return { MinValue: Number.MIN_SAFE_INTEGER, MaxValue: Number.MAX_SAFE_INTEGER }
    case 'Decimal':
    case 'Double':
      return { ...range(column), Precision: column.precision ?? 2, ImeMode: 'Disabled' }
    case 'Money':
      return {
        ...range(column),
        Precision: column.precision ?? 2,
        PrecisionSource: 2,
        ImeMode: 'Disabled',
        IsBaseCurrency: column.name.endsWith('_base'),
        CalculationOf: column.name.endsWith('_base') ? column.name.slice(0, -5) : null,
      }
    default:
      return undefined
  }
}

function textAttribute(column: Column): Plain | undefined {
  switch (column.type) {
    case 'String':
      return {
        Format: column.format ?? 'Text',
        FormatName: { Value: column.format ?? 'Text' },
        ImeMode: 'Auto',
        IsLocalizable: false,
        DatabaseLength: (column.maxLength ?? 100) * 2,
        MaxLength: column.maxLength ?? 100,
        YomiOf: null,
      }
    case 'Memo':
      return {
        Format: 'TextArea',
        ImeMode: 'Auto',
        IsLocalizable: false,
        MaxLength: column.maxLength ?? 2000,
      }
    default:
      return undefined
  }
}

function otherAttribute(column: Column): Plain {
  switch (column.type) {
    case 'Boolean':
      return { DefaultValue: column.initial === 1 }
    case 'DateTime':
      return {
        Format:
          column.edm === 'Edm.Date' || column.format === 'DateOnly' ? 'DateOnly' : 'DateAndTime',
        DateTimeBehavior: { Value: column.edm === 'Edm.Date' ? 'DateOnly' : 'UserLocal' },
        ImeMode: 'Auto',
      }
    case 'Lookup':
    case 'Customer':
    case 'Owner':
    case 'PartyList':
      return { Targets: column.targets, Format: 'None' }
    case 'Picklist':
    case 'State':
    case 'Status':
      return {
        DefaultFormValue: column.initial ?? null,
        ParentPicklistLogicalName: null,
        ChildPicklistLogicalNames: [],
      }
    case 'File':
      return { MaxSizeInKB: column.maxLength ?? 32_768 }
    case 'Image':
      return {
        CanStoreFullImage: keepsFullImage(column),
        IsPrimaryImage: isPrimaryImage(column),
        MaxHeight: 144,
        MaxWidth: 144,
        MaxSizeInKB: column.maxLength ?? 10_240,
      }
    default:
      return {}
  }
}

function range(column: Column): Plain {
  return { MinValue: column.min ?? -100_000_000_000, MaxValue: column.max ?? 100_000_000_000 }
}
