/** Counts events by name and by app, for tests that ask how often something happened. */
export interface Counters {
  count(event: string, appId?: string): void
  snapshot(): { total: Record<string, number>; byApp: Record<string, Record<string, number>> }
  reset(): void
}

export function createCounters(): Counters {
  let total: Record<string, number> = {}
  let byApp: Record<string, Record<string, number>> = {}
  return {
    count(event, appId) {
      total[event] = (total[event] ?? 0) + 1
      if (appId === undefined) return
      const app = byApp[appId] ?? {}
      app[event] = (app[event] ?? 0) + 1
      byApp[appId] = app
    },
    snapshot: () => structuredClone({ total, byApp }),
    reset() {
      total = {}
      byApp = {}
    },
  }
}
