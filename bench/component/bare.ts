import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

// What a person writes who wants the pages of a table and nothing else.
const PROGRAM = `module.exports.process = async function (message, { url, token, pageSize }) {
  let next = url
  while (next) {
    const response = await fetch(next, {
      headers: { authorization: 'Bearer ' + token, prefer: 'odata.maxpagesize=' + pageSize },
    })
    const page = await response.json()
    await this.emit('data', { body: { results: page.value } })
    next = page['@odata.nextLink']
  }
}
`

/** Writes a component that reads pages and emits them. */
export async function writeBareComponent(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  const actions = { bare: { main: './bare.js', title: 'Bare', fields: {} } }
  await writeFile(join(folder, 'component.json'), JSON.stringify({ title: 'Bare', actions }))
  await writeFile(join(folder, 'package.json'), '{ "name": "bare", "version": "0.0.0" }')
  await writeFile(join(folder, 'bare.js'), PROGRAM)
}
