export { type Alert, type Alerts, createAlerts, type Notice } from './alerts.ts'
