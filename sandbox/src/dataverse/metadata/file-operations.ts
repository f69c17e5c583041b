type Typed = Readonly<Record<string, string>>

interface Action {
  readonly takes: Typed
  readonly gives?: Typed
}

const TEXT = 'Edm.String'

/** The actions on the contents of columns: https://learn.microsoft.com/power-apps/developer/data-platform/file-column-data */
const ACTIONS: Readonly<Record<string, Action>> = {
  InitializeFileBlocksUpload: {
    takes: { Target: 'mscrm.crmbaseentity', FileAttributeName: TEXT, FileName: TEXT },
    gives: { FileContinuationToken: TEXT },
  },
  UploadBlock: { takes: { BlockId: TEXT, BlockData: 'Edm.Binary', FileContinuationToken: TEXT } },
  CommitFileBlocksUpload: {
    takes: {
      FileName: TEXT,
      MimeType: TEXT,
      BlockList: 'Collection(Edm.String)',
      FileContinuationToken: TEXT,
    },
    gives: { FileId: 'Edm.Guid', FileSizeInBytes: 'Edm.Int64' },
  },
  InitializeFileBlocksDownload: {
    takes: { Target: 'mscrm.crmbaseentity', FileAttributeName: TEXT },
    gives: {
      FileContinuationToken: TEXT,
      FileSizeInBytes: 'Edm.Int64',
      FileName: TEXT,
      IsChunkingSupported: 'Edm.Boolean',
    },
  },
  DownloadBlock: {
    takes: { Offset: 'Edm.Int64', BlockLength: 'Edm.Int64', FileContinuationToken: TEXT },
    gives: { Data: 'Edm.Binary' },
  },
  DeleteFile: { takes: { FileId: 'Edm.Guid' } },
}

/** Their definitions in the CSDL document, and that of what tells a user's privileges. */
export const FILE_OPERATIONS: string =
  Object.entries(ACTIONS)
    .map(([name, action]) => define(name, action))
    .join('') +
  '<EnumType Name="PrivilegeDepth"><Member Name="Basic" Value="0" /><Member Name="Local" Value="1" /><Member Name="Deep" Value="2" /><Member Name="Global" Value="3" /></EnumType>' +
  complexType('RolePrivilege', {
    Depth: 'mscrm.PrivilegeDepth',
    PrivilegeId: 'Edm.Guid',
    BusinessUnitId: 'Edm.Guid',
    PrivilegeName: TEXT,
  }) +
  complexType('RetrieveUserPrivilegesResponse', {
    RolePrivileges: 'Collection(mscrm.RolePrivilege)',
  }) +
  '<Function Name="RetrieveUserPrivileges" IsBound="true"><Parameter Name="entity" Type="mscrm.systemuser" Nullable="false" /><ReturnType Type="mscrm.RetrieveUserPrivilegesResponse" Nullable="false" /></Function>'

/** What the container says of them. */
export const FILE_IMPORTS: string = Object.keys(ACTIONS)
  .map((name) => `<ActionImport Name="${name}" Action="Microsoft.Dynamics.CRM.${name}" />`)
  .join('')

function define(name: string, { takes, gives }: Action): string {
  const parameters = Object.entries(takes).map(
    ([parameter, type]) =>
      `<Parameter Name="${parameter}" Type="${type}"${type.startsWith('Edm.String') ? ' Unicode="false"' : ' Nullable="false"'} />`,
  )
  const response = `${name}Response`
  const type = gives ? complexType(response, gives) : ''
  const returns = gives ? `<ReturnType Type="mscrm.${response}" Nullable="false" />` : ''
  return `${type}<Action Name="${name}">${parameters.join('')}${returns}</Action>`
}

function complexType(name: string, properties: Typed): string {
  const parts = Object.entries(properties).map(
    ([property, type]) =>
      `<Property Name="${property}" Type="${type}"${type === TEXT ? ' Unicode="false"' : ''} />`,
  )
  return `<ComplexType Name="${name}">${parts.join('')}</ComplexType>`
}
