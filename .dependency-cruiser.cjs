/**
 * The folders of src/README.md as rules: what each may import. Everything that is not allowed is an error.
 */
const rooms = {
  core: [],
  ports: ['core'],
  decide: ['core'],
  text: ['core'],
  explain: ['core', 'decide', 'text'],
  pipeline: ['core', 'decide', 'ports'],
  review: ['core', 'ports'],
  accounts: ['core', 'ports'],
  erasure: ['core', 'ports'],
  campaigns: ['core', 'ports', 'text'],
  labeling: ['core', 'ports', 'text'],
  learning: ['core', 'ports', 'decide', 'text', 'labeling', 'evaluation'],
  scoring: ['core', 'ports'],
  settings: ['core', 'ports'],
  cluster: ['core', 'ports'],
  training: ['core', 'text', 'ports', 'decide'],
  evaluation: ['core', 'ports', 'decide'],
  drift: ['core', 'ports'],
  report: ['core', 'display'],
  display: [],
  http: ['core', 'ports', 'decide', 'accounts', 'review', 'campaigns'],
  adapters: ['core', 'ports'],
  console: ['core', 'ports', 'display'],
  app: [
    'core',
    'ports',
    'decide',
    'text',
    'pipeline',
    'review',
    'accounts',
    'erasure',
    'campaigns',
    'labeling',
    'learning',
    'scoring',
    'settings',
    'training',
    'evaluation',
    'drift',
    'report',
    'display',
    'explain',
    'cluster',
    'http',
    'adapters',
  ],
  cli: ['app', 'settings', 'training', 'evaluation', 'learning', 'core', 'ports', 'decide'],
};

/** The folders of `bench`: what each may import of the others. Suites may import all of them. */
const benchFolders = { report: [], harness: ['report'], peers: ['harness', 'report'] };

const path = (room) => `^src/${room}/`;
const npm = '(^|/)node_modules/';

/** Packages that only one place may know. */
const keepers = {
  'onnxruntime-node': '^workers/',
  piscina: '^(src/scoring|workers)/',
  fastify: '^src/http/',
  '@fastify': '^src/http/',
  'prom-client': '^src/adapters/prometheus/',
  pino: '^src/adapters/pino/',
  libsql: '^src/adapters/libsql/',
  kafkajs: '^src/adapters/kafka/',
  'kafkajs-snappy': '^src/adapters/kafka/',
  'lz4-napi': '^src/adapters/kafka/',
  '@mongodb-js/zstd': '^src/adapters/kafka/',
  kysely: '^src/adapters/(sql|libsql|mysql)/',
  mysql2: '^src/adapters/mysql/',
  commander: '^src/cli/',
  'openid-client': '^src/adapters/openid/',
  webhdfs: '^src/adapters/hdfs/',
  aws4fetch: '^src/adapters/s3/',
  'node-zookeeper-client': '^src/adapters/zookeeper/',
  yaml: '^src/(settings|adapters/yaml)/',
  tldts: '^src/text/',
  preact: '^src/console/',
  re2js: '^src/labeling/',
  croner: '^src/app/learning/',
  vega: '^src/report/',
  'vega-lite': '^src/report/',
  '@resvg/resvg-js': '^src/report/',
};

/** Packages that other folders than the adapters may know. Every other one belongs to an adapter, also one that is new. */
const outsideOfAdapters = [
  'zod',
  'csv-parse',
  'fastify-type-provider-zod',
  ...Object.keys(keepers).filter((name) => !keepers[name].startsWith('^src/adapters/')),
];

/** Rooms without Node built-ins and without client libraries: pure, or waiting on ports alone. */
const pure =
  '^src/(core|decide|text|display|explain|pipeline|ports|review|accounts|erasure|campaigns|labeling|learning|drift)/';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'no-orphans',
      severity: 'error',
      from: {
        orphan: true,
        pathNot:
          '^(workers/(score-batch|score-alone|admit-model)|src/app/(models/explain-thread|erasure/erase-apart|label-desk/label-thread)|src/cli/main|bench/main)\\.ts$|\\.d\\.ts$',
      },
      to: {},
    },
    ...Object.entries(rooms).map(([room, allowed]) => ({
      name: `room-${room}`,
      severity: 'error',
      from: { path: path(room) },
      to: {
        path: '^(src|workers|bench|test|native-models|config)/',
        pathNot: [
          path(room),
          ...allowed.map(path),
          // What the API answers is shared with its server, as types alone: see the rule below.
          ...(room === 'console' ? ['^src/http/[a-z-]+-schemas\\.ts$'] : []),
        ],
      },
    })),
    {
      name: 'console-shares-types-only',
      severity: 'error',
      comment: "The browser's script has no code of the server, nor of zod, which would be most of it.",
      from: { path: path('console') },
      to: {
        path: '^src/(http|ports)/|^src/core/',
        // Lists of names that import nothing else.
        pathNot: '^src/core/(activity-kinds|console-pages|roles)\\.ts$',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'console-has-no-built-ins',
      severity: 'error',
      from: { path: path('console') },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'room-workers',
      severity: 'error',
      from: { path: '^workers/' },
      to: {
        path: '^(src|bench|test|native-models|config)/',
        pathNot: [
          '^src/core/',
          '^src/text/',
          '^src/decide/',
          '^src/scoring/(score-protocol|admit-model|no-telemetry)\\.ts$',
        ],
      },
    },
    ...Object.entries(benchFolders).map(([folder, allowed]) => ({
      name: `bench-${folder}`,
      severity: 'error',
      from: { path: `^bench/${folder}/` },
      to: { path: '^bench/', pathNot: [folder, ...allowed].map((each) => `^bench/${each}/`) },
    })),
    {
      name: 'adapter-sees-itself-only',
      severity: 'error',
      from: { path: '^src/adapters/([^/]+)/' },
      to: { path: '^src/adapters/', pathNot: ['^src/adapters/$1/', '^src/adapters/sql/'] },
    },
    {
      name: 'pure-rooms-have-no-built-ins',
      severity: 'error',
      // A hash is a pure function too, which the language itself does not have.
      from: { path: pure, pathNot: '^src/core/sha256\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'client-libraries-in-adapters-only',
      severity: 'error',
      from: { path: '^(src|workers)/', pathNot: '^src/adapters/' },
      to: { path: npm, pathNot: `${npm}(@types/)?(${outsideOfAdapters.join('|')})(/|$)` },
    },
    ...Object.entries(keepers).map(([name, keeper]) => ({
      name: `only-its-keeper-knows-${name}`,
      severity: 'error',
      from: { path: '^(src|workers)/', pathNot: keeper },
      to: { path: `${npm}${name}(/|$)` },
    })),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
