/** How the command line ends; docs/command-line.md explains each. */
export const exitCode = {
  done: 0,
  failed: 1,
  usage: 2,
  notVerified: 3,
  notSignedIn: 4,
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCode)[keyof typeof exitCode]
