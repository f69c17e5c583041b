import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { openSchema } from '../src/dataverse/index.ts'
import { ADMIN, API, createRig, type Rig, tokenOf } from './dataverse/rig.ts'

/*
 * Measures what the sandbox promises of its speed, each figure in a process of its own, in processor time,
 * which other work on the machine does not change much:
 * node sandbox/test/figures.ts
 */

const COLUMNS =
  'name,accountnumber,revenue,numberofemployees,telephone1,websiteurl,emailaddress1,industrycode,customertypecode,accountcategorycode,creditonhold,creditlimit,description,_parentaccountid_value,statecode,statuscode,createdon,modifiedon,_createdby_value,_modifiedby_value,_ownerid_value,versionnumber,address1_line1,address1_city,address1_country,address1_postalcode,address1_stateorprovince,exchangerate,_primarycontactid_value,_owningbusinessunit_value'

const FIGURES: Readonly<Record<string, () => Promise<string>>> = {
  async schema() {
    const file = readFileSync(new URL('data/organization.edmx.gz', import.meta.url))
    const began = spent()
    const rig = createRig({ accounts: 10, contacts: 20 }, [ADMIN], openSchema(file))
    await read(rig, 'accounts?$top=1')
    return `866 entity types loaded and serving: ${since(began)}, ${memory()}`
  },
  async million() {
    const began = spent()
    const rig = createRig({ accounts: 283_000, contacts: 566_000 })
    await read(rig, 'accounts?$top=1')
    const rows = rig.organization.control.tables().reduce((sum, table) => sum + table.rows, 0)
    const loaded = `${rows} rows: ${since(began)}, ${memory()}`
    const first = await median(rig, 1, `accounts?$select=${COLUMNS}&$orderby=modifiedon`)
    const next = await median(rig, 9, `accounts?$select=${COLUMNS}&$orderby=modifiedon`)
    return `${loaded}; a page by date: first ${first}, then ${next}`
  },
  async page() {
    const rig = createRig({ accounts: 20_000, contacts: 20_000 })
    await read(rig, 'accounts?$top=1')
    return `5,000 rows of 30 columns: ${await median(rig, 15, `accounts?$select=${COLUMNS}`)}`
  },
  async lookups() {
    const small = await lookups(1_000)
    const large = await lookups(500_000)
    return Object.entries(small)
      .map(([name, ms]) => {
        const ratio = (large[name] ?? 0) / ms
        return `${name}: ${ms.toFixed(3)} ms in 1,000 rows, ${large[name]?.toFixed(3)} ms in 500,000 (x${ratio.toFixed(2)})`
      })
      .join('; ')
  },
}

/** ms of one lookup, by the way it is asked for, in a table of that many rows. */
async function lookups(accounts: number): Promise<Record<string, number>> {
  const rig = createRig({ accounts, contacts: 10 })
  const row = JSON.parse(
    await read(rig, `accounts?$select=accountid&$filter=accountnumber eq 'A-000777'`),
  ).value[0]
  const ways: Readonly<Record<string, string>> = {
    id: `accounts(${row.accountid})?$select=name`,
    key: "accounts(accountnumber='A-000777')?$select=name",
    'filter on id': `accounts?$select=name&$filter=accountid eq ${row.accountid}`,
    'filter on a lookup': `accounts?$select=name&$filter=_primarycontactid_value eq ${row.accountid}`,
  }
  const times: Record<string, number> = {}
  for (const [name, path] of Object.entries(ways)) {
    for (let round = 0; round < 200; round += 1) await read(rig, path)
    // Collecting the garbage of half a million rows runs beside the lookups; the best of ten shows them.
    times[name] = Number.POSITIVE_INFINITY
    for (let batch = 0; batch < 10; batch += 1) {
      const began = spent()
      for (let round = 0; round < 100; round += 1) await read(rig, path)
      times[name] = Math.min(times[name] ?? 0, (spent() - began) / 100)
    }
  }
  return times
}

async function median(rig: Rig, rounds: number, path: string): Promise<string> {
  const times: number[] = []
  for (let round = 0; round < rounds; round += 1) {
    const began = spent()
    await read(rig, path)
    times.push(spent() - began)
  }
  times.sort((a, b) => a - b)
  return `${(times[Math.floor(rounds / 2)] ?? 0).toFixed(0)} ms (median of ${rounds})`
}

async function read(rig: Rig, path: string): Promise<string> {
  const answer = await rig.organization.handler({
    method: 'GET',
    url: new URL(`${API}/${path}`),
    headers: { accept: 'application/json', authorization: `Bearer ${tokenOf(ADMIN)}` },
    body: Buffer.alloc(0),
    signal: new AbortController().signal,
  })
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`)
  return path.includes('accountid&') ? String(answer.body) : ''
}

/** ms of processor time. */
function spent(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

function since(began: number): string {
  return `${((spent() - began) / 1000).toFixed(1)} s`
}

function memory(): string {
  return `${Math.round(process.memoryUsage().rss / 1_000_000)} MB`
}

const wanted = process.argv[2]
const figure = wanted === undefined ? undefined : FIGURES[wanted]
if (figure) console.log(`${wanted}: ${await figure()}`)
else {
  for (const name of Object.keys(FIGURES)) {
    process.stdout.write(
      execFileSync(process.execPath, [
        '--max-old-space-size=4096',
        fileURLToPath(import.meta.url),
        name,
      ]),
    )
  }
}
