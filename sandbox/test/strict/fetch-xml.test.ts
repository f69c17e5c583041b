import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { createRig, type Rig } from '../dataverse/rig.ts'

const entity = (inner: string, fetch = '') =>
  `<fetch ${fetch}><entity name='account'>${inner}</entity></fetch>`
const condition = (attributes: string) => entity(`<filter><condition ${attributes}/></filter>`)
const link = (attributes: string, inner = '') => `<link-entity ${attributes}>${inner}</link-entity>`
const CONTACT = "name='contact' from='contactid' to='primarycontactid'"

const MISTAKES: readonly [name: string, xml: string, code: string][] = [
  ['text that is no XML', '<fetch', '0x80040303'],
  ['nothing', '', '0x80040303'],
  ['another root', '<query/>', '0x80040303'],
  ['a document type', '<!DOCTYPE x><fetch/>', '0x80040303'],
  ['no entity', '<fetch/>', '0x8004111c'],
  ['an unknown element', entity('<columns/>'), '0x8004111c'],
  ['another table than the set', "<fetch><entity name='contact'/></fetch>", '0x80041128'],
  ['an unknown table', "<fetch><entity name='nothing'/></fetch>", '0x80041102'],
  ['an unknown column', entity("<attribute name='nothing'/>"), '0x80041103'],
  ["a lookup by its property's name", entity("<attribute name='_ownerid_value'/>"), '0x80041103'],
  ['an entity without a name', '<fetch><entity/></fetch>', '0x8004111e'],
  [
    'an unknown operator',
    condition("attribute='name' operator='contains' value='x'"),
    '0x80041120',
  ],
  ['an operator without its value', condition("attribute='name' operator='eq'"), '0x80041108'],
  ['an unknown kind of filter', entity("<filter type='xor'/>"), '0x80041122'],
  ['an unknown kind of link', entity(link(`${CONTACT} link-type='left'`)), '0x80041117'],
  ['a filter link outside a filter', entity(link(`${CONTACT} link-type='any'`)), '0x80041117'],
  ['from without to', entity(link("name='contact' from='contactid'")), '0x80041111'],
  [
    'columns that cannot meet',
    entity(link("name='contact' from='contactid' to='revenue'")),
    '0x800404ba',
  ],
  ['sixteen links', entity(link(CONTACT).repeat(16)), '0x8004430d'],
  [
    'an alias that nothing has',
    condition("entityname='x' attribute='name' operator='null'"),
    '0x8004110a',
  ],
  ['the same alias twice', entity(link(`${CONTACT} alias='c'`).repeat(2)), '0x80041130'],
  ['top with a page', entity('', "top='5' page='2'"), '0x80040203'],
  ['top with a count of all', entity('', "top='5' returntotalrecordcount='true'"), '0x80040203'],
  ['top beyond 5,000', entity('', "top='5001'"), '0x80041139'],
  ['a page of nothing', entity('', "page='0'"), '0x8004110c'],
  ['a flag that is no flag', entity('', "distinct='yes'"), '0x80041139'],
  ['an order by alias without aggregate', entity("<order alias='x'/>"), '0x80041132'],
  ['an order by nothing', entity('<order/>'), '0x80041133'],
  [
    'an order by column with aggregate',
    entity(
      "<attribute name='name' alias='n' aggregate='count'/><order attribute='name'/>",
      "aggregate='true'",
    ),
    '0x80041131',
  ],
  [
    'a plain column with aggregate',
    entity("<attribute name='name' alias='n'/>", "aggregate='true'"),
    '0x80041107',
  ],
  [
    'an aggregate without alias',
    entity("<attribute name='name' aggregate='count'/>", "aggregate='true'"),
    '0x80041109',
  ],
  [
    'a key that is aggregated',
    entity(
      "<attribute name='name' alias='n' aggregate='count' groupby='true'/>",
      "aggregate='true'",
    ),
    '0x80041137',
  ],
  [
    'an unknown part of a date',
    entity(
      "<attribute name='createdon' alias='d' groupby='true' dategrouping='hour'/>",
      "aggregate='true'",
    ),
    '0x80041135',
  ],
  [
    'more rows than its own limit',
    entity(
      "<attribute name='name' alias='n' aggregate='count'/>",
      "aggregate='true' aggregatelimit='10'",
    ),
    '0x8004e023',
  ],
  ['an invented cookie', entity('', "page='2' paging-cookie='2'"), '0x80060888'],
]

describe('mistakes in FetchXML are refused', () => {
  let rig: Rig
  before(() => {
    rig = createRig()
  })
  for (const [name, xml, code] of MISTAKES) {
    test(name, async () => {
      const reply = await rig.call(`accounts?fetchXml=${encodeURIComponent(xml)}`)
      assert.equal(reply.status, 400, reply.text)
      assert.equal(reply.json.error.code, code, reply.text)
    })
  }

  test('an attribute that no page describes is named in a 501', async () => {
    const xml = entity('', "colour='red'")
    const reply = await rig.call(`accounts?fetchXml=${encodeURIComponent(xml)}`)
    assert.equal(reply.status, 501)
    assert.ok(reply.json.error.message.includes("'colour'"))
  })

  test('OData options beside it are not ignored', async () => {
    const xml = encodeURIComponent(entity(''))
    const reply = await rig.call(`accounts?fetchXml=${xml}&$select=name`)
    assert.equal(reply.status, 501)
  })
})
