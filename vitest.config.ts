import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

const require = createRequire(import.meta.url);

/**
 * What takes its time: races over many rounds and two processes, random sequences, every wrong value of every field, every
 * operation for every caller, attacks that hash, wait or try often, processes that end and databases that hang, and the odd
 * places where the embedded PostgreSQL may have to run.
 */
const thorough = [
  'test/races/**/*.test.ts',
  'test/properties/**/*.test.ts',
  'test/contract/{bad-input,tenancy,api-keys,no-leaks,secrets-at-rest}.test.ts',
  'test/policies/permission-matrix.test.ts',
  'test/auth/{external-*,integration-token-*}.test.ts',
  'test/modules/integration-token/{rotate-key,replace-key,key-generation}.test.ts',
  'test/docs/{first-hour,verify-integration-token}.test.ts',
  'test/mail/{worker,job-batch,messages,hostile-names}.test.ts',
  'test/modules/user/{throttled-*,enumeration,squatter,loopholes,password-reset,passwords}.test.ts',
  'test/platform/{embedded-postgres-*,configuration,database-faults}.test.ts',
  'test/http/{graceful-stop,health,metrics,traces}.test.ts',
  'test/contract/edge-overload.test.ts',
  'test/speed/left-behind.test.ts',
  'test/browser/**/*.test.ts',
  'test/cli/{doctor,hostile-files,large-files,beside-a-gateway}.test.ts',
];

/** What kills, floods and restarts many replicas. Each file has the machine to itself. */
const faults = ['test/faults/**/*.test.ts'];

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    // PostgreSQL does half of the work, so one core less than there is would leave it idle.
    maxWorkers: '100%',
    projects: [
      project('quick', { include: ['test/**/*.test.ts'], exclude: [...thorough, ...faults] }),
      project('thorough', { include: thorough }),
      project('faults', { include: faults }, 600_000),
    ],
  },
});

function project(name: string, files: { include: string[]; exclude?: string[] }, patienceMs = 60_000) {
  return {
    // Two copies of graphql would not recognise each other's types.
    resolve: { alias: [{ find: /^graphql$/, replacement: require.resolve('graphql') }] },
    test: {
      name,
      ...files,
      setupFiles: ['reflect-metadata', 'test/support/tasks-apart.ts'],
      // Importing the gateway takes longer than most tests, so the files of one worker share its modules.
      isolate: false,
      testTimeout: patienceMs,
      hookTimeout: patienceMs,
    },
  };
}
