import { test } from 'node:test'
import { Bench, onPage } from '../bench.ts'
import { Browser } from '../browser.ts'

const WRONG = [
  'http://localhost:4000/Callback/oauth2',
  'http://localhost:4000/callback/oauth2/',
  'https://localhost:4000/callback/oauth2',
  'http://127.0.0.1:4000/callback/oauth2',
  'http://localhost:4000/callback/oauth2?x=1',
  'http://localhost.example:4000/callback/oauth2',
  'http://localhost:4000@evil.example/callback/oauth2',
]

for (const redirect_uri of WRONG) {
  test(`the redirect ${redirect_uri} is not the registered one`, async (t) => {
    const bench = await Bench.start(t)
    onPage(await new Browser().open(bench.authorizeUrl({ redirect_uri })), 50011)
  })
}

test('a parameter sent twice is refused on the page', async (t) => {
  const bench = await Bench.start(t)
  onPage(await new Browser().open(`${bench.authorizeUrl()}&client_id=x`), 9000411)
})
