import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { API, createSample, FORMATTED, type Sample, untagged } from './fixtures.ts'

const COOKIE = '@Microsoft.Dynamics.CRM.fetchxmlpagingcookie'
const MORE = '@Microsoft.Dynamics.CRM.morerecords'
const PAGING = {
  prefer:
    'odata.include-annotations="Microsoft.Dynamics.CRM.fetchxmlpagingcookie,Microsoft.Dynamics.CRM.morerecords"',
  'if-none-match': 'null',
}

describe('FetchXML', () => {
  let sample: Sample
  const ask = async (set: string, xml: string, more = '', headers: Record<string, string> = {}) => {
    const reply = await sample.call(`${set}?fetchXml=${encodeURIComponent(xml)}${more}`, {
      headers,
    })
    assert.equal(reply.status, 200, reply.text)
    return reply
  }

  before(async () => {
    sample = await createSample()
    const people = [
      'Yvonne McKay',
      'Thomas Andersen',
      'Susan Burk',
      'Scott Konersmann',
      'Rene Valdes',
    ]
    for (const [index, name] of people.entries()) {
      const [firstname, lastname] = name.split(' ')
      const income = index === 0 ? { annualincome: 45000 } : {}
      const body = { firstname, lastname: `${lastname} (sample)`, jobtitle: 'Buyer', ...income }
      assert.equal((await sample.call('contacts', { method: 'POST', body })).status, 204)
    }
  })

  test('example 75: columns of one table, nulls left out', async () => {
    const { call, litware } = sample
    await call(`accounts(${litware})`, { method: 'PATCH', body: { accountnumber: null } })
    const { headers, json } = await ask(
      'accounts',
      "<fetch mapping='logical'><entity name='account'><attribute name='accountid'/><attribute name='name'/><attribute name='accountnumber'/></entity></fetch>",
    )
    assert.equal(headers['content-type'], 'application/json; odata.metadata=minimal')
    assert.equal(json['@odata.context'], `${API}/$metadata#accounts(accountid,name,accountnumber)`)
    assert.match(json.value[0]['@odata.etag'], /^W\/"\d+"$/)
    assert.deepEqual(json.value.map(untagged), [
      { accountid: sample.litware, name: 'Litware, Inc. (sample)' },
      {
        accountid: sample.adventure,
        name: 'Adventure Works (sample)',
        accountnumber: 'ADVENTURE',
      },
    ])
    await call(`accounts(${litware})`, { method: 'PATCH', body: { accountnumber: 'LITWARE' } })
  })

  test('example 75: three pages with paging cookies', async () => {
    const page = (number: number, cookie = '') =>
      ask(
        'contacts',
        `<fetch count='3' page='${number}'${cookie}>\r\n<entity name='contact'>\r\n<attribute name='fullname'/>\r\n<attribute name='jobtitle'/>\r\n<attribute name='annualincome'/>\r\n<order descending='true' attribute='fullname'/>\r\n</entity>\r\n</fetch>`,
        '&$count=true',
        PAGING,
      )
    const names = (json: { value: { fullname: string }[] }) => json.value.map((row) => row.fullname)
    const first = await page(1)
    assert.equal(first.headers['preference-applied'], PAGING.prefer)
    assert.deepEqual(Object.keys(first.json), [
      '@odata.context',
      '@odata.count',
      COOKIE,
      MORE,
      'value',
    ])
    assert.equal(
      first.json['@odata.context'],
      `${API}/$metadata#contacts(fullname,jobtitle,annualincome,_transactioncurrencyid_value,transactioncurrencyid,contactid,transactioncurrencyid())`,
    )
    assert.equal(first.json['@odata.count'], 7)
    assert.equal(first.json[MORE], true)
    const [yvonne, , susanna] = first.json.value
    assert.deepEqual(Object.keys(yvonne), [
      '@odata.etag',
      'fullname',
      'jobtitle',
      'annualincome',
      '_transactioncurrencyid_value',
      'contactid',
    ])
    const id = (value: string) => `%257b${value.toUpperCase()}%257d`
    assert.equal(
      first.json[COOKIE],
      `<cookie pagenumber="2" pagingcookie="%253ccookie%2520page%253d%25221%2522%253e%253cfullname%2520last%253d%2522Susanna%2520Stubberod%2520%2528sample%2529%2522%2520first%253d%2522Yvonne%2520McKay%2520%2528sample%2529%2522%2520%252f%253e%253ccontactid%2520last%253d%2522${id(susanna.contactid)}%2522%2520first%253d%2522${id(yvonne.contactid)}%2522%2520%252f%253e%253c%252fcookie%253e" istracking="False" />`,
    )
    const second = await page(2, cookieOf(first.json[COOKIE]))
    assert.deepEqual(names(second.json), [
      'Susan Burk (sample)',
      'Scott Konersmann (sample)',
      'Rene Valdes (sample)',
    ])
    assert.ok(second.json[COOKIE].includes('page%253d%25222%2522'))
    const last = await page(3, cookieOf(second.json[COOKIE]))
    assert.deepEqual(names(last.json), ['Nancy Anderson (sample)'])
    assert.equal(COOKIE in last.json, false)
    assert.equal(MORE in last.json, false)
  })

  test('simple paging goes by page number alone', async () => {
    const page = async (number: number) => {
      const { json } = await ask(
        'contacts',
        `<fetch count='3' page='${number}'><entity name='contact'><attribute name='fullname'/><order attribute='fullname'/></entity></fetch>`,
      )
      return json.value.length
    }
    assert.deepEqual([await page(1), await page(2), await page(3), await page(4)], [3, 3, 1, 0])
  })

  test('simple paging ends at 50,000 rows', async () => {
    const xml = "<fetch count='5000' page='11'><entity name='contact'/></fetch>"
    const { status, json } = await sample.call(`contacts?fetchXml=${encodeURIComponent(xml)}`)
    assert.equal(status, 400)
    assert.equal(json.error.code, '0x8004430a')
  })

  test('columns of a linked table are named by its alias', async () => {
    const { json } = await ask(
      'accounts',
      "<fetch><entity name='account'><attribute name='name'/><link-entity name='contact' from='contactid' to='primarycontactid' link-type='inner' alias='contact'><attribute name='fullname'/></link-entity></entity></fetch>",
    )
    assert.deepEqual(
      json.value.map((row: Record<string, unknown>) => [row['name'], row['contact.fullname']]),
      [
        ['Litware, Inc. (sample)', 'Susanna Stubberod (sample)'],
        ['Adventure Works (sample)', 'Nancy Anderson (sample)'],
      ],
    )
  })

  test('the same from the side of the one', async () => {
    const { json } = await ask(
      'contacts',
      "<fetch><entity name='contact'><attribute name='fullname'/><link-entity name='account' from='primarycontactid' to='contactid' alias='account'><attribute name='name'/></link-entity></entity></fetch>",
    )
    assert.deepEqual(
      json.value.map((row: Record<string, unknown>) => [row['fullname'], row['account.name']]),
      [
        ['Susanna Stubberod (sample)', 'Litware, Inc. (sample)'],
        ['Nancy Anderson (sample)', 'Adventure Works (sample)'],
      ],
    )
  })

  const contacts = async (inner: string): Promise<string[]> => {
    const { json } = await ask(
      'contacts',
      `<fetch><entity name='contact'><attribute name='fullname'/><order attribute='fullname'/>${inner}</entity></fetch>`,
    )
    return json.value.map((row: { fullname: string }) => row.fullname.split(' ')[0])
  }
  const account = (type: string, inner = '') =>
    `<link-entity name='account' from='primarycontactid' to='contactid' link-type='${type}'>${inner}</link-entity>`
  const LITWARE =
    "<filter><condition attribute='name' operator='begins-with' value='Litware'/></filter>"

  test('filter link types decide without returning rows', async () => {
    const within = (link: string, more = '') =>
      contacts(`<filter type='or'>${link}${more}</filter>`)
    assert.deepEqual(await within(account('any')), ['Nancy', 'Susanna'])
    assert.deepEqual(await within(account('any', LITWARE)), ['Susanna'])
    assert.equal((await within(account('not any'))).length, 5)
    assert.deepEqual(await within(account('all', LITWARE)), ['Nancy'])
    assert.deepEqual(await within(account('not all', LITWARE)), ['Susanna'])
    assert.deepEqual(
      await within(
        account('any', LITWARE),
        "<condition attribute='lastname' operator='like' value='%Burk%'/>",
      ),
      ['Susan', 'Susanna'],
    )
  })

  test('exists, in and matchfirstrowusingcrossapply return each row once', async () => {
    assert.deepEqual(await contacts(account('exists')), ['Nancy', 'Susanna'])
    assert.deepEqual(await contacts(account('in', LITWARE)), ['Susanna'])
    assert.equal((await contacts(account('matchfirstrowusingcrossapply'))).length, 7)
  })

  test('of several matching rows matchfirstrowusingcrossapply takes one, exists none, outer all', async () => {
    const subjects = async (type: string, inner = "<attribute name='subject'/>") => {
      const { json } = await ask(
        'accounts',
        `<fetch><entity name='account'><attribute name='name'/><link-entity name='task' from='regardingobjectid' to='accountid' link-type='${type}' alias='t'>${inner}</link-entity></entity></fetch>`,
      )
      return json.value.map((row: Record<string, unknown>) => row['t.subject'] ?? '')
    }
    const tasks = [1, 2, 3].map((number) => `Task ${number} for Litware`)
    assert.deepEqual(await subjects('outer'), [...tasks, ''])
    assert.deepEqual(await subjects('inner'), tasks)
    assert.deepEqual(await subjects('matchfirstrowusingcrossapply'), [tasks[0], ''])
    assert.deepEqual(await subjects('exists', ''), [''])
  })

  test('a condition on an outer link is tested after the join', async () => {
    const outer = account('outer').replace("link-type='outer'", "link-type='outer' alias='a'")
    const none =
      "<filter><condition entityname='a' attribute='accountid' operator='null'/></filter>"
    assert.equal((await contacts(outer)).length, 7)
    assert.equal((await contacts(outer + none)).length, 5)
  })

  test('columns of two tables are compared by valueof', async () => {
    const link =
      "<link-entity name='account' from='accountid' to='parentcustomerid' link-type='outer' alias='acct'/>"
    const condition = (operator: string) =>
      `<filter><condition attribute='fullname' operator='${operator}' valueof='acct.name'/></filter>`
    assert.deepEqual(await contacts(link + condition('gt')), ['Susanna'])
    assert.deepEqual(await contacts(link + condition('eq')), [])
  })

  test('rows are ordered by a linked table first where the order says so, without a cookie', async () => {
    const xml =
      "<fetch count='1'><entity name='account'><attribute name='name'/><link-entity name='contact' from='contactid' to='primarycontactid' alias='c'/><order entityname='c' attribute='fullname'/><order attribute='name'/></entity></fetch>"
    const { json } = await ask('accounts', xml, '', PAGING)
    assert.equal(json.value[0].name, 'Adventure Works (sample)')
    assert.equal(json[MORE], true)
    assert.equal(COOKIE in json, false)
  })

  test('aggregates of the whole table', async () => {
    const measure = (alias: string, name: string, aggregate: string, more = '') =>
      `<attribute name='${name}' alias='${alias}' aggregate='${aggregate}'${more}/>`
    const { json } = await ask(
      'accounts',
      `<fetch aggregate='true'><entity name='account'>${measure('Average', 'numberofemployees', 'avg')}${measure('Count', 'numberofemployees', 'count')}${measure('ColumnCount', 'numberofemployees', 'countcolumn')}${measure('Distinct', 'numberofemployees', 'countcolumn', " distinct='true'")}${measure('Maximum', 'numberofemployees', 'max')}${measure('Minimum', 'numberofemployees', 'min')}${measure('Sum', 'numberofemployees', 'sum')}</entity></fetch>`,
    )
    assert.deepEqual(json.value, [
      { Average: 300, Count: 2, ColumnCount: 1, Distinct: 1, Maximum: 300, Minimum: 300, Sum: 300 },
    ])
  })

  test('groups by parts of a date', async () => {
    const { organization, call } = sample
    for (const [id, at] of [
      [sample.litware, Date.UTC(2023, 2, 25)],
      [sample.adventure, Date.UTC(2023, 7, 27)],
    ] as const) {
      organization.control.changeRow('account', id, { createdon: at })
    }
    const parts = ['day', 'week', 'month', 'year', 'fiscal-period', 'fiscal-year']
    const keys = parts.map(
      (part) =>
        `<attribute name='createdon' alias='${part}' groupby='true' dategrouping='${part}'/>`,
    )
    const xml = `<fetch aggregate='true'><entity name='account'><attribute name='numberofemployees' alias='Total' aggregate='sum'/>${keys.join('')}<order alias='month'/></entity></fetch>`
    const { json } = await ask('accounts', xml, '', { prefer: 'odata.include-annotations="*"' })
    const shown = (row: Record<string, unknown>) => parts.map((part) => row[`${part}@${FORMATTED}`])
    assert.deepEqual(json.value.map(shown), [
      ['25', '12', '3', '2,023', 'Quarter 1 FY2023', 'FY2023'],
      ['27', '35', '8', '2,023', 'Quarter 3 FY2023', 'FY2023'],
    ])
    assert.deepEqual(
      json.value.map((row: Record<string, unknown>) => row['Total']),
      [0, 300],
    )
    assert.equal((await call('accounts/$count')).status, 200)
  })

  test('the number of children of each row', async () => {
    const { call, litware, adventure } = sample
    const link = (parent: string | null) =>
      call(`accounts(${adventure})`, {
        method: 'PATCH',
        body: { 'parentaccountid@odata.bind': parent },
      })
    await link(`/accounts(${litware})`)
    const { json } = await ask(
      'accounts',
      "<fetch top='5'><entity name='account'><attribute name='name'/><attribute name='accountid' alias='CountChildren' rowaggregate='CountChildren'/><order attribute='name' descending='true'/></entity></fetch>",
    )
    assert.deepEqual(
      json.value.map((row: Record<string, unknown>) => row['CountChildren']),
      [1, 0],
    )
    await link(null)
  })

  test('choices are ordered by label, by number with useraworderby', async () => {
    const { call, litware, adventure } = sample
    await call(`accounts(${litware})`, { method: 'PATCH', body: { industrycode: 1 } })
    await call(`accounts(${adventure})`, { method: 'PATCH', body: { industrycode: 2 } })
    const order = async (raw: string) => {
      const { json } = await ask(
        'accounts',
        `<fetch ${raw}><entity name='account'><attribute name='industrycode'/><order attribute='industrycode' descending='true'/></entity></fetch>`,
      )
      return json.value.map((row: { industrycode: number }) => row.industrycode)
    }
    assert.deepEqual(await order("useraworderby='true'"), [2, 1])
    assert.deepEqual(await order(''), [2, 1])
  })

  test('a view is executed by its id, on a whole table and on related rows', async () => {
    const { call, litware } = sample
    const views = await call(
      "savedqueries?$select=name,savedqueryid&$filter=name eq 'Active Accounts'",
    )
    const [{ savedqueryid }] = views.json.value
    assert.equal(savedqueryid, '00000000-0000-0000-00aa-000010001002')
    const { json } = await call(`accounts?savedQuery=${savedqueryid}`)
    assert.deepEqual(
      json.value.map((row: { name: string }) => row.name),
      ['Adventure Works (sample)', 'Litware, Inc. (sample)'],
    )
    assert.equal('telephone1' in json.value[0], false)
    for (const [name, account] of [
      ['theirs', litware],
      ['nobody’s', undefined],
    ]) {
      const parent = account ? { 'parentaccountid@odata.bind': `/accounts(${account})` } : {}
      await call('opportunities', { method: 'POST', body: { name, ...parent } })
    }
    const related = await call(
      `accounts(${litware})/opportunity_parent_account/?savedQuery=00000000-0000-0000-00aa-000010003001`,
    )
    assert.deepEqual(
      related.json.value.map((row: { name: string }) => row.name),
      ['theirs'],
    )
  })

  test("a user's own view is executed by its id", async () => {
    const fetchxml =
      "<fetch><entity name='account'><attribute name='name'/><filter><condition attribute='name' operator='like' value='Adv%'/></filter></entity></fetch>"
    const made = await sample.call('userqueries', {
      method: 'POST',
      body: { name: 'Adventures', returnedtypecode: 'account', fetchxml },
      headers: { prefer: 'return=representation' },
    })
    const { json } = await sample.call(`accounts?userQuery=${made.json.userqueryid}`)
    assert.deepEqual(
      json.value.map((row: { name: string }) => row.name),
      ['Adventure Works (sample)'],
    )
  })

  test('distinct rows have neither id nor tag', async () => {
    const { json } = await ask(
      'contacts',
      "<fetch distinct='true'><entity name='contact'><attribute name='jobtitle'/><order attribute='jobtitle'/></entity></fetch>",
    )
    assert.deepEqual(json.value, [{}, { jobtitle: 'Buyer' }])
  })
})

/** The cookie of a page as the attribute of the next query: decoded twice, escaped as XML. */
function cookieOf(annotation: string): string {
  const inner = /pagingcookie="([^"]*)"/.exec(annotation)?.[1] ?? ''
  const plain = decodeURIComponent(decodeURIComponent(inner))
  const escaped = plain.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return ` paging-cookie='${escaped}'`
}
