import type { ColumnFacts, TableFacts } from './shape.ts'

type Frame = Omit<TableFacts, 'columns'>

/** Tables of attached files and of steps that run after a write, with the columns that the documents name. */
export const EVENT_FRAMES: readonly Frame[] = [
  frame('fileattachment', 'FileAttachment', 'fileattachments', 55, 'filename', 'File Attachment'),
  frame('serviceendpoint', 'ServiceEndpoint', 'serviceendpoints', 4618, 'name', 'Service Endpoint'),
  frame(
    'sdkmessageprocessingstep',
    'SdkMessageProcessingStep',
    'sdkmessageprocessingsteps',
    4608,
    'name',
    'Sdk Message Processing Step',
  ),
  frame('asyncoperation', 'AsyncOperation', 'asyncoperations', 4700, 'name', 'System Job'),
]

const READ_ONLY = { create: false, update: false } as const

// https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/serviceendpoint
export const EVENT_COLUMNS: Readonly<Record<string, readonly ColumnFacts[]>> = {
  fileattachment: [
    id('FileAttachmentId', 'File Attachment'),
    text('FileName', 'File Name', 255, READ_ONLY),
    text('MimeType', 'Mime Type', 256, READ_ONLY),
    text('RegardingFieldName', 'Regarding attribute name', 200, READ_ONLY),
    { ...fact('FileSizeInBytes', 'File Size In Bytes', 'BigInt'), ...READ_ONLY },
    { ...fact('ObjectId', 'Regarding', 'Lookup'), targets: ['account'], ...READ_ONLY },
  ],
  serviceendpoint: [
    id('ServiceEndpointId', 'Service Endpoint'),
    { ...text('Name', 'Name', 160), required: 'SystemRequired' },
    text('Description', 'Description', 2000),
    text('Url', 'Url', 2000),
    text('AuthValue', 'AuthValue', 2000),
    {
      ...choice('Contract', 'Contract', [
        [1, 'OneWay'],
        [2, 'Queue'],
        [3, 'Rest'],
        [4, 'TwoWay'],
        [5, 'Topic'],
        [6, 'Queue (Persistent)'],
        [7, 'EventHub'],
        [8, 'Webhook'],
        [9, 'Event Grid'],
      ]),
      required: 'SystemRequired',
    },
    choice('AuthType', 'Auth Type', [
      [0, 'Not Specified'],
      [1, 'ACS'],
      [2, 'SAS Key'],
      [3, 'SAS Token'],
      [4, 'Webhook Key'],
      [5, 'Http Header'],
      [6, 'Http Query String'],
    ]),
    {
      ...choice('MessageFormat', 'Message Format', [
        [1, '.NETBinary'],
        [2, 'Json'],
        [3, 'XML'],
      ]),
      initial: 2,
    },
  ],
  sdkmessageprocessingstep: [
    id('SdkMessageProcessingStepId', 'Step'),
    text('Name', 'Name', 256),
    text('Description', 'Description', 256),
    text('FilteringAttributes', 'Filtering Attributes', 100_000),
    { ...fact('Configuration', 'Configuration', 'Memo'), max: 1_073_741_823 },
    fact('Rank', 'Execution Order', 'Integer'),
    { ...fact('AsyncAutoDelete', 'Asynchronous Automatic Delete', 'Boolean') },
    choice('Mode', 'Execution Mode', [
      [0, 'Synchronous'],
      [1, 'Asynchronous'],
    ]),
    choice('Stage', 'Execution Stage', [
      [10, 'Pre-validation'],
      [20, 'Pre-operation'],
      [40, 'Post-operation'],
    ]),
    choice('SupportedDeployment', 'Deployment', [
      [0, 'Server Only'],
      [1, 'Microsoft Dynamics 365 Client for Outlook Only'],
      [2, 'Both'],
    ]),
    ...state(
      [
        [0, 'Enabled'],
        [1, 'Disabled'],
      ],
      [
        [1, 'Enabled', 0],
        [2, 'Disabled', 1],
      ],
    ),
    { ...fact('SdkMessageId', 'SDK Message', 'Lookup'), targets: ['sdkmessage'] },
    {
      ...fact('SdkMessageFilterId', 'SDK Message Filter', 'Lookup'),
      targets: ['sdkmessagefilter'],
    },
    { ...fact('EventHandler', 'Event Handler', 'Lookup'), targets: ['serviceendpoint'] },
  ],
  asyncoperation: [
    id('AsyncOperationId', 'System Job'),
    text('Name', 'System Job Name', 256),
    { ...fact('Message', 'Message', 'Memo'), max: 1_048_576 },
    { ...fact('FriendlyMessage', 'Friendly message', 'Memo'), max: 5_000 },
    text('CorrelationId', 'Correlation Id', 36, READ_ONLY),
    { ...fact('ErrorCode', 'Error Code', 'Integer'), ...READ_ONLY },
    { ...fact('RetryCount', 'Retry Count', 'Integer'), ...READ_ONLY },
    fact('StartedOn', 'Started On', 'DateTime'),
    { ...fact('CompletedOn', 'Completed On', 'DateTime'), ...READ_ONLY },
    { ...choice('OperationType', 'System Job Type', [[1, 'System Event']]), update: false },
    ...state(
      [
        [0, 'Ready'],
        [1, 'Suspended'],
        [2, 'Locked'],
        [3, 'Completed'],
      ],
      [
        [0, 'Waiting For Resources', 0],
        [10, 'Waiting', 1],
        [20, 'In Progress', 2],
        [30, 'Succeeded', 3],
        [31, 'Failed', 3],
        [32, 'Canceled', 3],
      ],
    ),
    {
      ...fact('OwningExtensionId', 'Owning Extension', 'Lookup'),
      targets: ['sdkmessageprocessingstep'],
    },
    {
      ...fact('RegardingObjectId', 'Regarding', 'Lookup'),
      targets: ['account', 'annotation', 'contact', 'lead'],
    },
  ],
}

function frame(
  name: string,
  schema: string,
  set: string,
  code: number,
  title: string,
  label: string,
): Frame {
  const plural = `${label}s`
  return {
    name,
    schema,
    set,
    label,
    plural,
    code,
    id: `${name}id`,
    title,
    owner: 'OrganizationOwned',
  }
}

function fact(schema: string, label: string, type: string): ColumnFacts {
  return { name: schema.toLowerCase(), schema, label, type }
}

function id(schema: string, label: string): ColumnFacts {
  return { ...fact(schema, label, 'Uniqueidentifier'), required: 'SystemRequired', update: false }
}

function text(
  schema: string,
  label: string,
  max: number,
  more: Partial<ColumnFacts> = {},
): ColumnFacts {
  return { ...fact(schema, label, 'String'), max, ...more }
}

type Choices = NonNullable<ColumnFacts['choices']>

function choice(schema: string, label: string, choices: Choices): ColumnFacts {
  return { ...fact(schema, label, 'Picklist'), choices }
}

function state(states: Choices, reasons: Choices): ColumnFacts[] {
  return [
    { ...fact('StateCode', 'Status', 'State'), choices: states },
    { ...fact('StatusCode', 'Status Reason', 'Status'), choices: reasons },
  ]
}
