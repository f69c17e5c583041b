import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bypassesProxy } from './no-proxy.ts'

test('NO_PROXY covers names, their subdomains, ports, addresses and everything', () => {
  const cases: readonly (readonly [list: string, host: string, port: number, exempt: boolean])[] = [
    ['', 'a.example', 443, false],
    ['*', 'a.example', 443, true],
    ['a.example', 'a.example', 443, true],
    ['example', 'a.example', 443, true],
    ['.example', 'a.example', 443, true],
    ['*.example', 'a.example', 443, true],
    ['ample', 'a.example', 443, false],
    ['b.example A.EXAMPLE', 'a.example', 443, true],
    ['a.example:8443', 'a.example', 443, false],
    ['a.example:443', 'a.example', 443, true],
    ['10.0.0.1', '10.0.0.1', 443, true],
    ['fd00::5', 'fd00::5', 443, true],
    ['[fd00::5]:443', 'fd00::5', 443, true],
    ['[fd00::5]:444', 'fd00::5', 443, false],
  ]
  for (const [list, host, port, exempt] of cases) {
    assert.equal(bypassesProxy(list, host, port), exempt, `${list} ${host}:${port}`)
  }
})
