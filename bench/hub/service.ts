import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { answerDefinitions } from '../../test/support/account-definitions.ts'

// A token endpoint and an environment that answer at once, in a process of their own, so that what is
// measured is the client. It prints its origin and ends with its standard input.
const rowsOfAPage = 100
const id = (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
const whoAmI = { BusinessUnitId: id(1), UserId: id(2), OrganizationId: id(3) }
const organization = {
  Detail: { OrganizationId: id(3), FriendlyName: 'Bench', UniqueName: 'bench', TenantId: id(4) },
}
const page = {
  value: Array.from({ length: rowsOfAPage }, (_, number) => ({
    '@odata.etag': `W/"${1_000_000 + number}"`,
    accountid: id(100 + number),
    name: `Bakery ${number} of the Northern Harbour`,
    accountnumber: `A-${10_000 + number}`,
    revenue: 1_000.5 * number,
    numberofemployees: number,
    telephone1: '+49 30 1234567',
    emailaddress1: `office${number}@example.com`,
    address1_city: 'Flensburg',
    address1_line1: `Quay Street ${number}`,
    createdon: '2026-01-02T03:04:05Z',
    modifiedon: '2026-10-02T03:04:05Z',
    _ownerid_value: id(2),
    statecode: 0,
    statuscode: 1,
  })),
}
const bodies = new Map<string, string>([
  ['WhoAmI', JSON.stringify(whoAmI)],
  ['RetrieveCurrentOrganization', JSON.stringify(organization)],
  ['accounts', JSON.stringify(page)],
])
// As long as a token of Entra ID.
const token = JSON.stringify({
  token_type: 'Bearer',
  expires_in: 3_600,
  access_token: randomBytes(1_200).toString('base64url'),
})

function answerTo(path: string): string | undefined {
  if (path.endsWith('/token')) return token
  const resource = path.replace('/api/data/v9.2/', '')
  const known = bodies.get(/^\w+/.exec(resource)?.[0] ?? '')
  if (known !== undefined) return known
  const seen = { method: 'GET', path, query: new URLSearchParams(), headers: {}, body: '' }
  const definition = answerDefinitions(seen)
  return definition && JSON.stringify(definition.body)
}

const server = createServer((request, response) => {
  request.resume()
  const body = answerTo(request.url ?? '')
  const status = body === undefined ? 404 : request.url === '/refused' ? 401 : 200
  response.writeHead(status, {
    'content-type': 'application/json; odata.metadata=minimal',
    // What is measured is the client's speed, not how it keeps to limits.
    'x-ms-ratelimit-burst-remaining-xrm-requests': '1000000',
    'x-ms-ratelimit-time-remaining-xrm-requests': '1,000,000.00',
    'content-length': Buffer.byteLength(body ?? ''),
    'odata-version': '4.0',
  })
  response.end(body)
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('No port')
  process.stdout.write(`http://127.0.0.1:${address.port}\n`)
})
process.stdin.on('end', () => process.exit()).resume()
