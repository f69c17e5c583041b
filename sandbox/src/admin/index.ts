export { type ControlOptions, createControlApi } from './control-api.ts'
