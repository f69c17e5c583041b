// The table of rooms in docs/ARCHITECTURE.md, as rules. Imports fall, never climb.
const rooms = {
  kernel: [],
  transport: ['kernel'],
  oauth: ['transport', 'kernel'],
  dataverse: ['transport', 'kernel'],
  connector: ['dataverse', 'kernel'],
  hub: ['connector', 'oauth', 'dataverse', 'transport', 'kernel'],
  http: ['hub', 'kernel'],
}

const only = (name, from, allowed) => ({
  name: `${name}-falls`,
  severity: 'error',
  from: { path: from, pathNot: '\\.test\\.ts$' },
  to: {
    path: '^(src|sandbox|component|test|demo|bench|scripts)/',
    pathNot: allowed.map((path) => `^${path}`),
  },
})

// Another room is entered by its front door; the store's is used by the hub alone.
const frontDoors = Object.keys(rooms).map((room) => ({
  name: `${room}-has-one-front-door`,
  severity: 'error',
  from: {
    path: '^src/',
    pathNot: [`^src/${room}/`, '\\.test\\.ts$', '^src/(main|index)', '^src/cli/', '^src/http/'],
  },
  to: {
    path: `^src/${room}/`,
    pathNot: [`^src/${room}/index\\.ts$`, '^src/hub/[^/]+/index\\.ts$'],
  },
}))

// The library's rooms are published as one file each: there is no other door.
const onlyDoors = ['kernel', 'transport', 'dataverse'].map((room) => ({
  name: `${room}-is-one-file`,
  severity: 'error',
  from: { path: '^(src|component)/', pathNot: [`^src/${room}/`, '\\.test\\.ts$'] },
  to: { path: `^src/${room}/`, pathNot: `^src/${room}/index\\.ts$` },
}))

export default {
  forbidden: [
    ...Object.entries(rooms).map(([room, below]) =>
      only(
        room,
        `^src/${room}/`,
        [room, ...below].map((name) => `src/${name}/`),
      ),
    ),
    ...frontDoors,
    ...onlyDoors,
    only('contract', '^src/http/contract/', ['src/http/contract/', 'src/kernel/']),
    only('client', '^src/http/client/', ['src/http/contract/', 'src/http/client/', 'src/kernel/']),
    only('cli', '^src/cli/', [
      'src/cli/',
      'src/http/contract/',
      'src/http/client/',
      'src/main\\.ts$',
      'src/kernel/',
      'src/oauth/catalogue/',
      'src/dataverse/index\\.ts$',
    ]),
    only('component', '^component/', [
      'component/',
      'src/(connector|dataverse|oauth|transport|kernel)/index\\.ts$',
    ]),
    only('sandbox', '^sandbox/', ['sandbox/']),
    {
      name: 'nobody-imports-the-sandbox',
      severity: 'error',
      from: { pathNot: '^sandbox/' },
      to: { path: '^sandbox/' },
    },
    {
      name: 'sql-lives-in-the-store',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/hub/store/', '\\.test\\.ts$'] },
      to: { path: 'node_modules/(pg|kysely)/' },
    },
    {
      name: 'http-calls-live-in-transport-and-http',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(transport|http)/', '\\.test\\.ts$'] },
      to: {
        path: ['node_modules/undici/', '^(node:)?https?2?$', '^(node:)?tls$'],
      },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'everything-resolves', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.mjs', '.cjs', '.js', '.json'],
    },
  },
}
