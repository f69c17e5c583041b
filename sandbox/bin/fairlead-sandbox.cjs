#!/usr/bin/env node
'use strict'
const path = require('node:path')
const { run } = require('../../bin/with-node.cjs')

run(path.join(__dirname, '../src/main.ts'), process.argv.slice(2))
