import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, test } from 'node:test'
import { componentJson } from '../../component/src/component-json.ts'
import { manifest } from '../../src/connector/index.ts'
import { startSandboxClient } from '../dataverse/sandbox-client.ts'
import { componentFolder } from './component-folder.ts'
import { everyEntry, goThroughForm } from './every-form.ts'
import { callServiceHere, startPlatform } from './platform.ts'

const { sandbox, token } = await startSandboxClient({ after }, { rows: 5 })
const platform = await startPlatform({ after })
const folder = await componentFolder()
after(() => folder[Symbol.asyncDispose]())
const { orgUrl } = sandbox.description
platform.secrets.set('good', {
  credentials: { access_token: token.value.reveal(), fields: { baseUrl: orgUrl } },
  reads: 0,
  refreshes: 0,
})

const described = Object(componentJson(manifest, '0.0.0'))

for (const entry of everyEntry) {
  test(`the form of ${entry.name} is listed and described by the runtime`, () =>
    goThroughForm(entry, (question) =>
      callServiceHere(folder.path, platform, {
        ...question,
        configuration: { secretId: 'good', ...question.configuration },
        allowedOrigins: [orgUrl],
      }),
    ))
}

const page = readFileSync(
  new URL('../../component/TRIGGERS-AND-ACTIONS.md', import.meta.url),
  'utf8',
)
const anchors = [...page.matchAll(/^### (.+)$/gm)].map(([, heading = '']) =>
  heading
    .toLowerCase()
    .replace(/[^a-z0-9 -]/g, '')
    .split(' ')
    .join('-'),
)

test('the credential is an OAuth 2 client of the platform, with an address beside it', () => {
  assert.deepEqual(described.authClientTypes, ['oauth2'])
  const { oauth, baseUrl, apiVersion, ...others } = described.credentials.fields
  assert.deepEqual([oauth.viewClass, oauth.required], ['HTTPAuthView', true])
  assert.deepEqual([baseUrl.viewClass, baseUrl.required], ['TextFieldView', true])
  assert.deepEqual([apiVersion.viewClass, apiVersion.required], ['TextFieldView', false])
  assert.deepEqual(others, {})
})

test('keys are unique across triggers and actions, and every entry has title, help and order', () => {
  const names = everyEntry.map(({ name }) => name)
  assert.equal(new Set(names).size, names.length)
  for (const group of [described.triggers, described.actions]) {
    const orders = new Set()
    for (const [name, entry] of Object.entries(group)) {
      const { title, help, order, main, fields } = Object(entry)
      assert.ok(title && help.description && anchors.includes(help.link.split('#')[1]), help.link)
      assert.match(main, new RegExp(`^\\./(triggers|actions)/${name}\\.js$`))
      orders.add(order)
      for (const [key, field] of Object.entries(fields)) {
        const { viewClass, label, model, help: { description = '' } = {} } = Object(field)
        assert.match(viewClass, /^(CheckBox|Select|TextArea|TextField)View$/)
        assert.ok(label)
        assert.equal(viewClass === 'SelectView', model !== undefined)
        const { default: initial } = everyEntry.find((one) => one.name === name)?.fields[key] ?? {}
        const told = `Left empty: ${model?.[String(initial)] ?? initial}.`
        assert.ok(typeof (initial ?? false) === 'boolean' || description.includes(told), told)
      }
    }
    assert.equal(orders.size, Object.keys(group).length)
  }
})

test('the modules load, with a function for every model that component.json names', () => {
  const load = createRequire(`${folder.path}/`)
  for (const group of [described.triggers, described.actions]) {
    for (const entry of Object.values(group)) {
      const { main, fields, type } = Object(entry)
      const module = load(main)
      const models = Object.values(Object(fields)).map((field) => Object(field).model)
      for (const name of models.filter((model) => typeof model === 'string'))
        assert.equal(typeof module[name], 'function', `${main} ${name}`)
      const hooks = type === 'webhook' ? ['startup', 'shutdown'] : []
      for (const name of ['process', 'getMetaModel', ...hooks])
        assert.equal(typeof module[name], 'function', `${main} ${name}`)
    }
  }
  // A load error of this file would be swallowed by the runtime, which then says that all is well.
  assert.equal(typeof load('./verifyCredentials.js'), 'function')
})
