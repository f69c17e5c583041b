#!/usr/bin/env node
'use strict'
const path = require('node:path')
const { existsSync } = require('node:fs')

const source = path.join(__dirname, '../src/main.ts')
if (existsSync(source)) require('../../bin/with-node.cjs').run(source, process.argv.slice(2))
else void import('../dist/main.js')
