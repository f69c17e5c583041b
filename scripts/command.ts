import { spawn } from 'node:child_process'
import { delimiter, join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '..')

/** The environment of every tool started here: this very Node and the checkout's own tools come first. */
export const toolEnvironment = {
  ...process.env,
  PATH: [
    resolve(process.execPath, '..'),
    join(root, 'node_modules/.bin'),
    process.env['PATH'],
  ].join(delimiter),
}

/** Runs a program in the checkout, its output shown; resolves with its exit code. */
export function run(
  program: string,
  args: readonly string[],
  options: { readonly timeoutMs: number; readonly cwd?: string } = { timeoutMs: 300_000 },
): Promise<number> {
  return new Promise((resolveCode, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd ?? root,
      env: toolEnvironment,
      stdio: ['ignore', 'inherit', 'inherit'],
      timeout: options.timeoutMs,
    })
    child.once('error', reject)
    child.once('exit', (code) => resolveCode(code ?? 1))
  })
}

/** Runs a program and collects what it prints. */
export function output(
  program: string,
  args: readonly string[],
  options: { readonly timeoutMs: number; readonly cwd?: string } = { timeoutMs: 120_000 },
): Promise<{ readonly code: number; readonly stdout: string }> {
  return new Promise((resolveOutput, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd ?? root,
      env: toolEnvironment,
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: options.timeoutMs,
    })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.once('error', reject)
    child.once('close', (code) =>
      resolveOutput({ code: code ?? 1, stdout: Buffer.concat(chunks).toString() }),
    )
  })
}
