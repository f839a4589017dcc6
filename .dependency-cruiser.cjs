/** @type {import('dependency-cruiser').IConfiguration} */
const layer = (name, below) => ({
  name: `${name}-stands-on-its-own-layers`,
  comment: `${name} may import only what stands below it: ${below.join(', ') || 'nothing of ours'}.`,
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: { path: '^src/', pathNot: [`^src/${name}/`, '^src/generated/', ...below.map((other) => `^src/${other}/`)] },
});

const graphqlPackages = '^(node_modules/)?(graphql|graphql-.*|type-graphql|@apollo/.*)(/|$)';

module.exports = {
  forbidden: [
    layer('platform', []),
    layer('auth', ['platform']),
    layer('graphql', ['platform', 'auth']),
    layer('modules', ['platform', 'auth', 'graphql']),
    layer('http', ['platform', 'auth', 'graphql', 'modules']),
    {
      name: 'no-cycles',
      severity: 'error',
      from: { path: '^src', pathNot: '^src/generated' },
      to: { circular: true, viaOnly: { pathNot: '^src/generated' }, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'domain-knows-no-graphql',
      comment: 'Services, policies, loaders, platform and auth can be used without GraphQL.',
      severity: 'error',
      from: { path: ['^src/(platform|auth)/', '\\.(service|policy|loader|founding|mail)\\.ts$'] },
      to: {
        path: [graphqlPackages, '^src/graphql/', '\\.(type|input|payload|resolver|permissions)\\.ts$'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'resolvers-know-no-database',
      severity: 'error',
      from: { path: '\\.resolver\\.ts$' },
      to: {
        path: ['^src/generated/prisma/client', '^src/platform/(database|writes|batcher)'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'policies-are-pure',
      severity: 'error',
      from: { path: ['\\.policy\\.ts$', '^src/auth/ceiling\\.ts$'] },
      to: {
        path: ['\\.(loader|service|resolver)\\.ts$', '^src/platform/(?!errors)'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'modules-meet-through-services-types-and-loaders',
      severity: 'error',
      from: { path: '^src/modules/([^/]+)/' },
      to: { path: '^src/modules/([^/]+)/', pathNot: ['^src/modules/$1/', '\\.(service|type|loader|founding)\\.ts$'] },
    },
    {
      name: 'only-two-files-know-shield',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/graphql/(rules|shield)\\.ts$' },
      to: { path: '(graphql-shield|graphql-middleware)' },
    },
    {
      name: 'nothing-imports-main',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/main\\.ts$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node'],
    },
  },
};
