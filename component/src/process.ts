import { Component } from './main.ts'

const ending = new AbortController()
process.once('SIGTERM', () => ending.abort())

/** The component of this process. */
export const component = new Component({ variables: process.env, ending: ending.signal })
