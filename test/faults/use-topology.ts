import { afterAll, beforeAll } from 'vitest';
import { startTopology, type Topology } from '../../scripts/topology/start.mjs';

/** Limits that would be met by tests, all of whose requests come from one machine, are off. */
export const unlimited = {
  TENANTRY_RATE_LIMIT_CALLER: '0',
  TENANTRY_RATE_LIMIT_NETWORK: '0',
  TENANTRY_PLANS: '{"all": {"name": "All"}}',
};

/** Many replicas for the tests of one file, ended after them. */
export function useTopology(options: Parameters<typeof startTopology>[0]): () => Topology {
  let topology: Topology | undefined;
  beforeAll(async () => {
    topology = await startTopology({ ...options, env: { ...unlimited, ...options?.env } });
  });
  afterAll(() => topology?.stop());
  return () => topology!;
}

/** How large a campaign is: what the environment says, or what it has to be. */
export function size(variable: string, usual: number): number {
  return Number(process.env[variable] || usual);
}

/** Prints what was measured, on a line of its own. */
export function figure(text: string): void {
  process.stdout.write(`  ${text}\n`);
}
