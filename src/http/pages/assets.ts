import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Hono } from 'hono'
import type { Env } from '../server/frame.ts'

/** The files that pages refer to, each at an address that changes with its content. */
export interface Assets {
  readonly style: string
  readonly script: string
  serve(app: Hono<Env>): void
}

/** Reads the stylesheet and the script once. */
export function readAssets(): Assets {
  const read = (name: string) => readFileSync(new URL(`./assets/${name}`, import.meta.url), 'utf8')
  const sheets = ['page.css', 'parts.css', 'views.css'].map(read).join('\n')
  const style = asset('css', 'text/css; charset=utf-8', sheets)
  const script = asset('js', 'text/javascript; charset=utf-8', read('page.js'))
  return {
    style: style.path,
    script: script.path,
    serve: (app) => {
      for (const { path, type, text } of [style, script])
        app.get(path, (c) =>
          c.body(text, 200, {
            'content-type': type,
            'cache-control': 'public, max-age=31536000, immutable',
          }),
        )
    },
  }
}

function asset(extension: string, type: string, text: string) {
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16)
  return { path: `/assets/${hash}.${extension}`, type, text }
}
