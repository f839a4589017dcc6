import type { CodegenConfig } from '@graphql-codegen/cli';

/** Typed documents for the tests and the examples, made from the committed schema. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: ['test/**/*.ts', '!test/support/generated/**', 'examples/**/*.graphql'],
  generates: {
    'test/support/generated/': {
      preset: 'client',
      presetConfig: {
        fragmentMasking: false,
        // Beside the rest, the manifest that TENANTRY_TRUSTED_DOCUMENTS takes.
        persistedDocuments: { hashAlgorithm: 'sha256', mode: 'embedHashInDocument' },
      },
      config: {
        documentMode: 'string',
        useTypeImports: true,
        enumsAsTypes: true,
        scalars: { Date: 'string', DateTime: 'string' },
      },
    },
  },
  emitLegacyCommonJSImports: false,
  importExtension: '.js',
};

export default config;
