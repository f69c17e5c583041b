import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startReceiver } from '../dataverse/receiver.ts'
import { settled, withStep } from '../dataverse/webhook-steps.ts'

const CONTRACTS = 'http://schemas.microsoft.com/xrm/2011/Contracts'

test('example 81: the update of a contact, as the page shows it', async (t) => {
  const receiver = await startReceiver(t)
  const { rig, step } = await withStep({
    url: receiver.url,
    message: 'Update',
    table: 'contact',
    step: { filteringattributes: 'firstname,lastname' },
  })
  const who = (await rig.call('WhoAmI')).json
  const { json } = await rig.call('contacts?$select=lastname&$top=1')
  const { contactid, lastname } = json.value[0]
  await rig.call(`contacts(${contactid})`, { method: 'PATCH', body: { firstname: 'James' } })
  const [got] = await receiver.count(1)
  assert.ok(got)
  const { headers, body } = got
  assert.equal(got.url, '/hook?code=secret')
  assert.equal(headers['x-ms-dynamics-organization'], 'org1.crm4.dynamics.com')
  assert.equal(headers['x-ms-dynamics-entity-name'], 'contact')
  assert.equal(headers['x-ms-dynamics-request-name'], 'Update')
  assert.equal(headers['x-ms-correlation-request-id'], body.CorrelationId)
  assert.equal(headers['x-ms-dynamics-msg-size-exceeded'], undefined)

  const reference = (LogicalName: string, Id: string) => ({
    Id,
    KeyAttributes: [],
    LogicalName,
    Name: null,
    RowVersion: null,
  })
  const entity = (Attributes: unknown) => ({
    Attributes,
    EntityState: null,
    FormattedValues: [],
    Id: contactid,
    KeyAttributes: [],
    LogicalName: 'contact',
    RelatedEntities: [],
    RowVersion: null,
  })
  const fullname = `James ${lastname}`
  const common = {
    BusinessUnitId: who.BusinessUnitId,
    CorrelationId: body.CorrelationId,
    Depth: 1,
    InitiatingUserId: who.UserId,
    IsExecutingOffline: false,
    IsInTransaction: false,
    IsOfflinePlayback: false,
    IsolationMode: 1,
    MessageName: 'Update',
    Mode: 1,
    OperationCreatedOn: body.OperationCreatedOn,
    OperationId: body.OperationId,
    OrganizationId: who.OrganizationId,
    OrganizationName: 'org1',
    OutputParameters: [],
    OwningExtension: reference('sdkmessageprocessingstep', step),
    PreEntityImages: [],
    PrimaryEntityId: contactid,
    PrimaryEntityName: 'contact',
    RequestId: null,
    SecondaryEntityName: 'none',
    SharedVariables: [],
    UserId: who.UserId,
  }
  const { InputParameters, ParentContext, PostEntityImages, Stage, ...rest } = body
  assert.deepEqual(rest, common)
  assert.match(body.OperationCreatedOn, /^\/Date\(\d+\+0000\)\/$/)
  assert.equal(Stage, 40)
  assert.deepEqual(PostEntityImages, [
    {
      key: 'AsynchronousStepPrimaryName',
      value: entity([
        { key: 'fullname', value: fullname },
        { key: 'contactid', value: contactid },
      ]),
    },
  ])
  const attributes = new Map<string, unknown>(
    InputParameters[0].value.Attributes.map((pair: { key: string; value: unknown }) => [
      pair.key,
      pair.value,
    ]),
  )
  assert.equal(InputParameters[0].value.__type, `Entity:${CONTRACTS}`)
  assert.equal(attributes.get('firstname'), 'James')
  assert.equal(attributes.get('fullname'), fullname)
  assert.equal(attributes.get('contactid'), contactid)
  assert.match(String(attributes.get('modifiedon')), /^\/Date\(\d+\)\/$/)
  assert.deepEqual(attributes.get('modifiedby'), {
    __type: `EntityReference:${CONTRACTS}`,
    ...reference('systemuser', who.UserId),
  })
  assert.deepEqual(ParentContext, {
    ...common,
    InputParameters: [
      {
        key: 'Target',
        value: {
          __type: `Entity:${CONTRACTS}`,
          ...entity([
            { key: 'firstname', value: 'James' },
            { key: 'contactid', value: contactid },
          ]),
        },
      },
      { key: 'SuppressDuplicateDetection', value: false },
    ],
    ParentContext: null,
    PostEntityImages: [],
    Stage: 30,
  })
  assert.ok(got.text.includes('"__type":"Entity:http:\\/\\/schemas.microsoft.com\\/xrm'))
})

test('register-web-hook: registrations are read back, but not what they authenticate with', async (t) => {
  const receiver = await startReceiver(t)
  const { rig, step } = await withStep({ url: receiver.url })
  const hooks = await rig.call(
    'serviceendpoints?$filter=contract eq 8&$select= serviceendpointid,name,authtype,url,authvalue',
  )
  const [hook] = hooks.json.value
  assert.deepEqual(
    [hook.name, hook.authtype, hook.url, hook.authvalue],
    ['hook', 4, receiver.url, null],
  )
  const steps = await rig.call(
    `serviceendpoints(${hook.serviceendpointid})/serviceendpoint_sdkmessageprocessingstep?$select=sdkmessageprocessingstepid,name,description,asyncautodelete,filteringattributes,mode,stage`,
  )
  const [listed] = steps.json.value
  assert.deepEqual(
    [listed.sdkmessageprocessingstepid, listed.mode, listed.stage, listed.asyncautodelete],
    [step, 1, 40, false],
  )
  const told = await rig.call(
    `sdkmessageprocessingsteps(${step})?$select=name&$expand=eventhandler_serviceendpoint($select=name),sdkmessagefilterid($select=primaryobjecttypecode),sdkmessageid($select=name)`,
  )
  assert.deepEqual(
    [
      told.json.eventhandler_serviceendpoint.name,
      told.json.sdkmessagefilterid.primaryobjecttypecode,
      told.json.sdkmessageid.name,
    ],
    ['hook', 'account', 'Create'],
  )
})

test('register-web-hook: failed jobs are found by their step', async (t) => {
  const receiver = await startReceiver(t, [500])
  const { rig, step } = await withStep({ url: receiver.url })
  await rig.call('accounts', { method: 'POST', body: { name: 'x' } })
  await receiver.count(1)
  await settled(rig)
  const { json } = await rig.call(
    `asyncoperations?$orderby=completedon desc&$filter=statuscode eq 31 and _owningextensionid_value eq ${step}&$select=name,friendlymessage,errorcode,message,completedon`,
  )
  const [job] = json.value
  assert.equal(job.errorcode, -2147155455)
  assert.match(job.message, /non-success httpStatus code/)
})
