#!/usr/bin/env node
'use strict'
const path = require('node:path')
const { existsSync } = require('node:fs')
const { run } = require('./with-node.cjs')

const compiled = path.join(__dirname, '../dist/cli/main.js')
const source = path.join(__dirname, '../src/cli/main.ts')
run(existsSync(source) ? source : compiled, process.argv.slice(2))
