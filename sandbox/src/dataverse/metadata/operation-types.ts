type Typed = Readonly<Record<string, string>>

interface Operation {
  readonly takes?: Typed
  /** Properties of its response, a type named after the operation; absent where it answers with nothing. */
  readonly gives?: Typed
}

const TEXT = 'Edm.String'
const TEXTS = 'Collection(Edm.String)'

/** The functions that stand alone, as an organization's document declares them. */
const FUNCTIONS: Readonly<Record<string, Operation>> = {
  WhoAmI: { gives: { BusinessUnitId: 'Edm.Guid', UserId: 'Edm.Guid', OrganizationId: 'Edm.Guid' } },
  RetrieveVersion: { gives: { Version: TEXT } },
  RetrieveCurrentOrganization: {
    takes: { AccessType: 'mscrm.EndpointAccessType' },
    gives: { Detail: 'mscrm.OrganizationDetail' },
  },
  RetrieveTotalRecordCount: {
    takes: { EntityNames: TEXTS },
    gives: { EntityRecordCountCollection: 'mscrm.EntityRecordCountCollection' },
  },
}

/** The actions on the contents of columns: https://learn.microsoft.com/power-apps/developer/data-platform/file-column-data */
const ACTIONS: Readonly<Record<string, Operation>> = {
  InitializeFileBlocksUpload: {
    takes: { Target: 'mscrm.crmbaseentity', FileName: TEXT, FileAttributeName: TEXT },
    gives: { FileContinuationToken: TEXT },
  },
  UploadBlock: { takes: { BlockId: TEXT, BlockData: 'Edm.Binary', FileContinuationToken: TEXT } },
  CommitFileBlocksUpload: {
    takes: { FileName: TEXT, MimeType: TEXT, BlockList: TEXTS, FileContinuationToken: TEXT },
    gives: { FileId: 'Edm.Guid', FileSizeInBytes: 'Edm.Int64' },
  },
  InitializeFileBlocksDownload: {
    takes: { Target: 'mscrm.crmbaseentity', FileAttributeName: TEXT },
    gives: {
      FileSizeInBytes: 'Edm.Int64',
      FileName: TEXT,
      FileContinuationToken: TEXT,
      IsChunkingSupported: 'Edm.Boolean',
    },
  },
  DownloadBlock: {
    takes: { Offset: 'Edm.Int64', BlockLength: 'Edm.Int64', FileContinuationToken: TEXT },
    gives: { Data: 'Edm.Binary' },
  },
  DeleteFile: { takes: { FileId: 'Edm.Guid' } },
}

const ENUMERATIONS: Readonly<Record<string, readonly string[]>> = {
  EndpointAccessType: ['Default', 'Internet', 'Intranet'],
  EndpointType: ['OrganizationService', 'OrganizationDataService', 'WebApplication'],
  OrganizationState: ['Enabled', 'Disabled'],
  PrivilegeDepth: ['Basic', 'Local', 'Deep', 'Global'],
}

const COUNTED = { Count: 'Edm.Int32', IsReadOnly: 'Edm.Boolean' }

const COMPLEX: Readonly<Record<string, Typed>> = {
  OrganizationDetail: {
    OrganizationId: 'Edm.Guid',
    FriendlyName: TEXT,
    OrganizationVersion: TEXT,
    EnvironmentId: TEXT,
    DatacenterId: 'Edm.Guid',
    Geo: TEXT,
    TenantId: TEXT,
    UrlName: TEXT,
    UniqueName: TEXT,
    Endpoints: 'mscrm.EndpointCollection',
    State: 'mscrm.OrganizationState',
  },
  EndpointCollection: { ...COUNTED, Keys: 'Collection(mscrm.EndpointType)', Values: TEXTS },
  EntityRecordCountCollection: { ...COUNTED, Keys: TEXTS, Values: 'Collection(Edm.Int64)' },
  RolePrivilege: {
    Depth: 'mscrm.PrivilegeDepth',
    PrivilegeId: 'Edm.Guid',
    BusinessUnitId: 'Edm.Guid',
    PrivilegeName: TEXT,
  },
  RetrieveUserPrivilegesResponse: { RolePrivileges: 'Collection(mscrm.RolePrivilege)' },
}

const BOUND =
  '<Function Name="RetrieveUserPrivileges" IsBound="true"><Parameter Name="entity" Type="mscrm.systemuser" Nullable="false" /><ReturnType Type="mscrm.RetrieveUserPrivilegesResponse" Nullable="false" /></Function>'

/** The operations and the types that they need. */
export const OPERATION_TYPES: string = [
  ...Object.entries(ENUMERATIONS).map(([name, members]) => enumeration(name, members)),
  ...Object.entries(COMPLEX).map(([name, properties]) => complex(name, properties)),
  ...Object.entries(FUNCTIONS).map(([name, one]) => operation('Function', name, one)),
  ...Object.entries(ACTIONS).map(([name, one]) => operation('Action', name, one)),
  BOUND,
].join('')

/** What the container says of them. */
export const OPERATION_IMPORTS: string = [
  ...Object.keys(FUNCTIONS).map((name) => imported('Function', name)),
  ...Object.keys(ACTIONS).map((name) => imported('Action', name)),
].join('')

function imported(kind: 'Function' | 'Action', name: string): string {
  return `<${kind}Import Name="${name}" ${kind}="Microsoft.Dynamics.CRM.${name}" />`
}

function operation(kind: 'Function' | 'Action', name: string, { takes, gives }: Operation): string {
  const parameters = Object.entries(takes ?? {}).map(
    ([parameter, type]) =>
      `<Parameter Name="${parameter}" Type="${type}" Nullable="false"${unicode(type)} />`,
  )
  const response = gives ? complex(`${name}Response`, gives) : ''
  const returns = gives ? `<ReturnType Type="mscrm.${name}Response" Nullable="false" />` : ''
  return `${response}<${kind} Name="${name}">${parameters.join('')}${returns}</${kind}>`
}

function enumeration(name: string, members: readonly string[]): string {
  const list = members.map((member, value) => `<Member Name="${member}" Value="${value}" />`)
  return `<EnumType Name="${name}">${list.join('')}</EnumType>`
}

/** Lists of primitive and enumerated values hold no nulls, and say so. */
function complex(name: string, properties: Typed): string {
  const list = Object.entries(properties).map(([property, type]) => {
    const item = /^Collection\((?:mscrm\.)?(.+)\)$/.exec(type)?.[1]
    const full = item !== undefined && !(item in COMPLEX) ? ' Nullable="false"' : ''
    return `<Property Name="${property}" Type="${type}"${full}${unicode(type)} />`
  })
  return `<ComplexType Name="${name}">${list.join('')}</ComplexType>`
}

function unicode(type: string): string {
  return type === TEXT || type === TEXTS ? ' Unicode="false"' : ''
}
