import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { API, createSample, FORMATTED, INCLUDE_FORMATTED, type Sample } from './fixtures.ts'

describe('aggregate data', () => {
  let sample: Sample
  const ask = async (apply: string) => {
    const { status, text, json } = await sample.call(`accounts?$apply=${apply}`, {
      headers: INCLUDE_FORMATTED,
    })
    assert.equal(status, 200, text)
    assert.equal(json['@odata.context'], `${API}/$metadata#accounts`)
    return { rows: json.value, text }
  }

  before(async () => {
    sample = await createSample()
    await sample.call('accounts', {
      method: 'POST',
      body: {
        name: 'Coho Winery (sample)',
        revenue: 10000,
        statecode: 1,
        statuscode: 2,
        accountcategorycode: 1,
        address1_stateorprovince: 'WA',
        'primarycontactid@odata.bind': `/contacts(${sample.nancy})`,
      },
    })
  })

  test('example 18: groupby lists the values that occur', async () => {
    const { rows } = await ask('groupby((statuscode))')
    assert.deepEqual(rows, [
      { [`statuscode@${FORMATTED}`]: 'Active', statuscode: 1 },
      { [`statuscode@${FORMATTED}`]: 'Inactive', statuscode: 2 },
    ])
  })

  test('example 19: the rows of each group are counted', async () => {
    const { rows } = await ask('groupby((statuscode),aggregate($count as count))')
    assert.deepEqual(rows, [
      {
        [`statuscode@${FORMATTED}`]: 'Active',
        statuscode: 1,
        [`count@${FORMATTED}`]: '2',
        count: 2,
      },
      {
        [`statuscode@${FORMATTED}`]: 'Inactive',
        statuscode: 2,
        [`count@${FORMATTED}`]: '1',
        count: 1,
      },
    ])
  })

  test('example 20: sums and averages of money have nine decimals', async () => {
    const { rows, text } = await ask('aggregate(revenue with sum as total)')
    assert.deepEqual(rows, [{ [`total@${FORMATTED}`]: '$30,000.00', total: 30000 }])
    assert.ok(text.includes('"total":30000.000000000'))
    const average = await ask(
      'groupby((statuscode),aggregate(revenue with average as averagevalue))',
    )
    assert.ok(average.text.includes('"averagevalue":20000.000000000'))
    assert.equal(average.rows[1][`averagevalue@${FORMATTED}`], '$10,000.00')
  })

  test('example 20: the first and last time', async () => {
    for (const method of ['min', 'max']) {
      const { rows } = await ask(`aggregate(createdon with ${method} as at)`)
      assert.deepEqual(rows, [
        { [`at@${FORMATTED}`]: '6/15/2026 12:00 PM', at: '2026-06-15T12:00:00Z' },
      ])
    }
  })

  test('example 21: a group by a related row is named after its table', async () => {
    const { rows } = await ask(
      'groupby((primarycontactid/fullname),aggregate(revenue with sum as total))',
    )
    assert.deepEqual(Object.keys(rows[0]), [`total@${FORMATTED}`, 'total', 'contact_fullname'])
    assert.deepEqual(
      rows.map((row: Record<string, unknown>) => [row['contact_fullname'], row['total']]),
      [
        ['Nancy Anderson (sample)', 10000],
        ['Susanna Stubberod (sample)', 20000],
      ],
    )
  })

  test('example 22: a filter before the grouping', async () => {
    const { rows } = await ask(
      "filter(address1_stateorprovince eq 'WA')/groupby((primarycontactid/fullname))",
    )
    assert.deepEqual(rows, [{ contact_fullname: 'Nancy Anderson (sample)' }])
  })

  test('example 23: distinct values of several columns leave nulls out', async () => {
    const { rows } = await ask('groupby((statecode,statuscode,accountcategorycode))')
    const plain = rows.map((row: Record<string, unknown>) =>
      Object.fromEntries(Object.entries(row).filter(([name]) => !name.includes('@'))),
    )
    assert.deepEqual(plain, [
      { statecode: 0, statuscode: 1 },
      { statecode: 1, statuscode: 2, accountcategorycode: 1 },
    ])
  })

  test('ordering by an aggregated value is refused with the documented text', async () => {
    const { status, json } = await sample.call(
      'accounts?$apply=groupby((statuscode),aggregate($count as count))&$orderby=count',
    )
    assert.equal(status, 400)
    assert.equal(
      json.error.message,
      'The query node SingleValueOpenPropertyAccess is not supported',
    )
  })

  test('grouping by a time is refused', async () => {
    const { status } = await sample.call('accounts?$apply=groupby((createdon))')
    assert.equal(status, 400)
  })

  test('whether distinct values are counted is a switch', async () => {
    const apply = 'aggregate(revenue with countdistinct as n)'
    const { rows } = await ask(apply)
    assert.equal(rows[0].n, 2)
    sample.organization.control.setSwitches({ countDistinct: 'refused' })
    const { status } = await sample.call(`accounts?$apply=${apply}`)
    assert.equal(status, 400)
    sample.organization.control.setSwitches({ countDistinct: 'answered' })
  })
})
