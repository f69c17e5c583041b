import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { FakeClock } from '../../test/support/fake-clock.ts'
import { CodedError, isRetryable } from './coded-error.ts'
import { createLogger, type Logger, type LogLevel } from './logger.ts'
import { Secret } from './secret.ts'

class Failure extends CodedError<'broken'> {}

const failure = (when: 'never' | 'later', cause?: unknown) =>
  new Failure('broken', {
    what: 'It broke.',
    why: 'It was old.',
    remedy: 'Get another.',
    who: 'you',
    retry: { when },
    facts: { part: 'lid' },
    cause,
  })

function lines(write: (logger: Logger) => void, level?: LogLevel): readonly object[] {
  const written: string[] = []
  const clock = new FakeClock(0)
  write(createLogger({ clock, ...(level && { level }), write: (line) => written.push(line) }))
  return written.map((line) => JSON.parse(line))
}

test('a line holds time, level, event and the fields, inherited ones too', () => {
  assert.deepEqual(
    lines((logger) => logger.with({ room: 'oauth', host: 'a' }).warn('seen', { host: 'b' })),
    [{ time: '1970-01-01T00:00:00.000Z', level: 'warn', event: 'seen', room: 'oauth', host: 'b' }],
  )
})

test('lines below the level are not written', () => {
  const write = (logger: Logger) => {
    logger.debug('a')
    logger.info('b')
    logger.error('c')
  }
  assert.equal(lines(write).length, 2)
  assert.equal(lines(write, 'error').length, 1)
})

test('an address loses its query and fragment', () => {
  for (const url of ['https://x/a?code=hidden', 'https://x/a#hidden']) {
    const [line] = lines((logger) => logger.info('e', { url }))
    assert.equal(Reflect.get(line ?? {}, 'url'), 'https://x/a')
  }
})

test('a foreign error shows its kind and place, never its message', () => {
  const foreign = new TypeError('hidden')
  const text = JSON.stringify(
    lines((logger) => logger.error('e', { error: failure('never', foreign) })),
  )
  assert.match(text, /"code":"broken".*"part":"lid".*"kind":"TypeError".*logger\.test/)
  assert.doesNotMatch(text, /hidden/)
})

test('an error gives its whole explanation as JSON, without its cause', () => {
  assert.deepEqual(JSON.parse(JSON.stringify(failure('later', new Error('hidden')))), {
    code: 'broken',
    what: 'It broke.',
    why: 'It was old.',
    remedy: 'Get another.',
    who: 'you',
    retry: { when: 'later' },
    facts: { part: 'lid' },
  })
  assert.equal(isRetryable(failure('later')), true)
  assert.equal(isRetryable(failure('never')), false)
  assert.equal(isRetryable(new Error('x')), false)
})

test('a secret prints itself nowhere', () => {
  const secret = new Secret('hidden')
  const shown = [`${secret}`, JSON.stringify({ secret }), inspect({ secret }, { showHidden: true })]
  assert.doesNotMatch(shown.join(), /hidden/)
  assert.equal(secret.reveal(), 'hidden')
})
