import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stepLogger } from '../../component/src/step-logger.ts'

test('a line goes to the runtime by its level, as a text', () => {
  const lines: string[] = []
  const at = (level: string) => (line: unknown) =>
    void lines.push(`${level} ${typeof line} ${JSON.parse(String(line)).event}`)
  const logger = stepLogger({
    ...{ debug: at('debug'), info: at('info') },
    ...{ warn: at('warn'), error: at('error') },
  })
  logger.debug('asked')
  logger.info('answered')
  logger.warn('slow')
  logger.error('lost')
  assert.deepEqual(lines, [
    'debug string asked',
    'info string answered',
    'warn string slow',
    'error string lost',
  ])
})
