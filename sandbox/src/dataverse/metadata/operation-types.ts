/** The functions that stand alone, as an organization's document declares them, and the types that they need. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  WhoAmI: '',
  RetrieveVersion: '',
  RetrieveCurrentOrganization:
    '<Parameter Name="AccessType" Type="mscrm.EndpointAccessType" Nullable="false" />',
  RetrieveTotalRecordCount:
    '<Parameter Name="EntityNames" Type="Collection(Edm.String)" Nullable="false" Unicode="false" />',
}

const ENUMERATIONS: Readonly<Record<string, readonly string[]>> = {
  EndpointAccessType: ['Default', 'Internet', 'Intranet'],
  EndpointType: ['OrganizationService', 'OrganizationDataService', 'WebApplication'],
  OrganizationState: ['Enabled', 'Disabled'],
}

const COUNTED = { Count: 'Edm.Int32', IsReadOnly: 'Edm.Boolean' }

/** Properties by type; a list cannot be null, the others can. */
const COMPLEX: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  WhoAmIResponse: { BusinessUnitId: 'Edm.Guid', UserId: 'Edm.Guid', OrganizationId: 'Edm.Guid' },
  RetrieveVersionResponse: { Version: 'Edm.String' },
  RetrieveCurrentOrganizationResponse: { Detail: 'mscrm.OrganizationDetail' },
  RetrieveTotalRecordCountResponse: {
    EntityRecordCountCollection: 'mscrm.EntityRecordCountCollection',
  },
  OrganizationDetail: {
    OrganizationId: 'Edm.Guid',
    FriendlyName: 'Edm.String',
    OrganizationVersion: 'Edm.String',
    EnvironmentId: 'Edm.String',
    DatacenterId: 'Edm.Guid',
    Geo: 'Edm.String',
    TenantId: 'Edm.String',
    UrlName: 'Edm.String',
    UniqueName: 'Edm.String',
    Endpoints: 'mscrm.EndpointCollection',
    State: 'mscrm.OrganizationState',
  },
  EndpointCollection: {
    ...COUNTED,
    Keys: 'Collection(mscrm.EndpointType)',
    Values: 'Collection(Edm.String)',
  },
  EntityRecordCountCollection: {
    ...COUNTED,
    Keys: 'Collection(Edm.String)',
    Values: 'Collection(Edm.Int64)',
  },
}

export const OPERATION_TYPES = [
  ...Object.entries(ENUMERATIONS).map(([name, members]) => enumeration(name, members)),
  ...Object.entries(COMPLEX).map(([name, properties]) => complex(name, properties)),
  ...Object.entries(FUNCTIONS).map(
    ([name, parameters]) =>
      `<Function Name="${name}">${parameters}<ReturnType Type="mscrm.${name}Response" Nullable="false" /></Function>`,
  ),
].join('')

export const OPERATION_IMPORTS = Object.keys(FUNCTIONS)
  .map((name) => `<FunctionImport Name="${name}" Function="Microsoft.Dynamics.CRM.${name}" />`)
  .join('')

function enumeration(name: string, members: readonly string[]): string {
  const list = members.map((member, value) => `<Member Name="${member}" Value="${value}" />`)
  return `<EnumType Name="${name}">${list.join('')}</EnumType>`
}

function complex(name: string, properties: Readonly<Record<string, string>>): string {
  const list = Object.entries(properties).map(([property, type]) => {
    const required = type.startsWith('Collection(') ? ' Nullable="false"' : ''
    const unicode = type.includes('Edm.String') ? ' Unicode="false"' : ''
    return `<Property Name="${property}" Type="${type}"${required}${unicode} />`
  })
  return `<ComplexType Name="${name}">${list.join('')}</ComplexType>`
}
