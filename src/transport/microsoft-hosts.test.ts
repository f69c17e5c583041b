import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CLOUDS, cloudOfEnvironmentHost, cloudOfLoginHost } from './microsoft-hosts.ts'

test('an environment tells its cloud, GCC apart from the public one', () => {
  const clouds = {
    'org1.crm.dynamics.com': 'public',
    'ORG1.crm21.dynamics.com': 'public',
    'org1.crm9.dynamics.com': 'gcc',
    'org1.api.crm9.dynamics.com': 'gcc',
    'org1.crm.microsoftdynamics.us': 'gcc-high',
    'org1.crm.appsplatform.us': 'dod',
    'org1.crm.dynamics.cn': 'china',
    'org1.crm123.dynamics.com': undefined,
    'org1.crmx.dynamics.com': undefined,
    '-.crm.dynamics.com': undefined,
  }
  const found = Object.keys(clouds).map((host) => [host, cloudOfEnvironmentHost(host)?.id])
  assert.deepEqual(Object.fromEntries(found), clouds)
})

test('every login host belongs to a cloud, and aliases to the same one', () => {
  assert.equal(cloudOfLoginHost('Login.Windows.net')?.id, 'public')
  assert.equal(cloudOfLoginHost('login.chinacloudapi.cn')?.id, 'china')
  assert.equal(cloudOfLoginHost('login.example'), undefined)
  for (const { loginHosts } of CLOUDS) {
    assert.equal(new Set(loginHosts.map((host) => cloudOfLoginHost(host)?.id)).size, 1)
  }
})
