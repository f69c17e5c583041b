// Before all that it shall hold for.
import './compiled-code.ts'
import { Component } from './main.ts'

const ending = new AbortController()
// The runtime that takes messages lets the current one finish; the one that answers a form simply ends.
for (const signal of ['SIGTERM', 'SIGINT'] as const)
  if (process.listenerCount(signal) > 0) process.once(signal, () => ending.abort())

/** The component of this process. */
export const component = new Component({ variables: process.env, ending: ending.signal })
