#!/usr/bin/env node
'use strict'
const path = require('node:path')
const { existsSync } = require('node:fs')

const source = path.join(__dirname, '../src/main.ts')
const [major, minor] = process.versions.node.split('.').map(Number)
if (existsSync(source)) require('../../bin/with-node.cjs').run(source, process.argv.slice(2))
else if (major > 22 || (major === 22 && minor >= 19)) void import('../dist/main.js')
else {
  process.stderr.write(
    `fairlead-sandbox needs Node 22.19 or newer; this is Node ${process.versions.node}.\n`,
  )
  process.exitCode = 1
}
