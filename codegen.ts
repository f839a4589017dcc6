import type { CodegenConfig } from '@graphql-codegen/cli';
import { addTypenameSelectionDocumentTransform } from '@graphql-codegen/client-preset';

/** Typed documents for the tests and for the example app, made from the committed schema. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  generates: {
    'test/support/generated/': {
      documents: ['test/**/*.ts', '!test/support/generated/**', 'examples/*.graphql'],
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
    'examples/web/src/generated/': {
      documents: ['examples/web/src/**/*.{ts,tsx}', '!examples/web/src/generated/**'],
      preset: 'client',
      presetConfig: {
        fragmentMasking: false,
        persistedDocuments: { hashAlgorithm: 'sha256', mode: 'embedHashInDocument' },
      },
      // Apollo Client's cache asks for __typename everywhere: the documents in the manifest have to, too.
      documentTransforms: [addTypenameSelectionDocumentTransform],
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        scalars: { ID: 'string', Date: 'string', DateTime: 'string' },
      },
    },
  },
  emitLegacyCommonJSImports: false,
  importExtension: '.js',
};

export default config;
