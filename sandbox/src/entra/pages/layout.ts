import type { Answer } from '../../exchange.ts'

/** Text that is already HTML. */
export interface Html {
  readonly html: string
}

/** Builds HTML; every value put into it is escaped unless it is HTML already. */
export function html(
  parts: TemplateStringsArray,
  ...values: readonly (string | Html | readonly Html[] | undefined)[]
): Html {
  let text = parts[0] ?? ''
  values.forEach((value, index) => {
    text += render(value) + (parts[index + 1] ?? '')
  })
  return { html: text }
}

/** A page of the sign-in site, readable and usable without JavaScript. */
export function page(
  title: string,
  body: Html,
  more: { status?: number; headers?: Readonly<Record<string, string | readonly string[]>> } = {},
): Answer {
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${{ html: STYLE }}</style>
</head>
<body>
<main>
<p class="brand">Sandbox sign-in</p>
${body}
</main>
<footer>This is an emulator of Microsoft Entra ID on this machine. Nothing here is a real account.</footer>
</body>
</html>
`
  return {
    status: more.status ?? 200,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store, no-cache',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      ...more.headers,
    },
    body: document.html,
  }
}

/** A form that posts to a path of this site; `hidden` goes along. */
export function form(action: string, hidden: Readonly<Record<string, string>>, body: Html): Html {
  const inputs = Object.entries(hidden).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )
  return html`<form method="post" action="${action}">${inputs}${body}</form>`
}

function render(value: string | Html | readonly Html[] | undefined): string {
  if (value === undefined) return ''
  if (typeof value === 'string') return escapeText(value)
  if ('html' in value) return value.html
  return value.map((one) => one.html).join('')
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

// The Enter key presses the first button of a form: it is the main one, shown last.
const STYLE = `
:root{color-scheme:light dark}
body{margin:0;min-height:100vh;box-sizing:border-box;display:grid;align-content:center;justify-items:center;gap:1rem;padding:1rem;
font:16px/1.5 system-ui,sans-serif;background:light-dark(#eef1f5,#16181c);color:light-dark(#1b1f24,#e8eaed)}
main{width:min(27rem,100%);box-sizing:border-box;overflow-wrap:anywhere;padding:2rem;border-radius:.5rem;
background:light-dark(#fff,#22262c);box-shadow:0 2px 12px #0003}
.brand{margin:0 0 1rem;font-weight:600;color:light-dark(#5a6472,#aab3bf)}
h1{margin:0 0 1rem;font-size:1.4rem;line-height:1.25}
label{display:block;margin:.75rem 0 .25rem}
input[type=text],input[type=email],input[type=password]{width:100%;box-sizing:border-box;
padding:.5rem;font:inherit;border:1px solid light-dark(#8a93a0,#6b7480);border-radius:.25rem}
.buttons{display:flex;flex-direction:row-reverse;gap:.5rem;margin-top:1.5rem}
button{font:inherit;padding:.5rem 1.25rem;border:1px solid transparent;border-radius:.25rem;cursor:pointer;
background:light-dark(#dfe3e8,#3a414b);color:inherit}
button.main{background:#0f5fb5;color:#fff}
button.account{display:block;width:100%;text-align:left;margin:.5rem 0}
.wrong{color:light-dark(#a80000,#ff9b9b)}
dl{font-size:.85rem;overflow-wrap:anywhere}dt{font-weight:600}dd{margin:0 0 .5rem}
footer{width:min(27rem,100%);font-size:.8rem;text-align:center;color:light-dark(#5a6472,#aab3bf)}`
