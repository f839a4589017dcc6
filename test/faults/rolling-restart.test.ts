import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { until } from '../../scripts/topology/processes.mjs';
import { type Account, found, register, signIn } from './people.js';
import { type Asked, ask, bearing, fresh, keeping } from './requests.js';
import { figure, size, useTopology } from './use-topology.js';

// Both replicas are restarted, one after the other, again and again, as an operator does for a new version.

const restarts = size('FAULT_RESTARTS', 20);

// Long enough for HAProxy, which asks every 200 ms, and short enough to be done forty times.
const topology = useTopology({ standby: false, env: { TENANTRY_DRAIN_SECONDS: '1' } });

describe('a rolling restart', () => {
  it('fails no request', async () => {
    const { url, gateways, balancer } = topology();
    const account = await register(url);
    const load = new Load(url, account, (await found(url, account)).organizationId);
    load.start();
    const startedAt = performance.now();
    try {
      for (let round = 1; round <= restarts; round += 1) {
        // Access tokens live ten minutes.
        if (round % 10 === 0) load.account = await signIn(url, account.email);
        for (const gateway of gateways) {
          expect(await gateway.stop('SIGTERM')).toEqual({ code: 0, signal: null });
          await gateway.start();
          await until(`${gateway.name} is sent to`, () => balancer!.sendsTo(gateway.name));
        }
      }
    } finally {
      await load.stop();
    }
    const seconds = (performance.now() - startedAt) / 1000;
    figure(
      `${restarts} rolling restarts of ${gateways.length} replicas in ${seconds.toFixed(0)} s: ${load.failed.length} of ` +
        `${load.answered + load.failed.length} requests failed; the longest took ${load.longestMs.toFixed(0)} ms`,
    );
    expect(load.failed).toEqual([]);
    expect(load.answered).toBeGreaterThan(restarts * 50);
  });
});

/** Clients that ask and write steadily, each request once; half of them make a connection of its own for each. */
class Load {
  answered = 0;
  longestMs = 0;
  readonly failed: string[] = [];
  #stopping = false;
  #running: Promise<void>[] = [];

  constructor(
    readonly url: string,
    public account: Account,
    readonly organizationId: string,
  ) {}

  start(): void {
    const read = () => ({
      query: 'query Read($id: ID!) { organization(id: $id) { name members(first: 10) { nodes { role { key } } } } }',
      variables: { id: this.organizationId },
    });
    const write = () => ({
      query: 'mutation Write($input: CreateTeamInput!) { createTeam(input: $input) { team { id } } }',
      variables: { input: { organizationId: this.organizationId, name: `Team ${randomUUID()}` } },
    });
    for (const next of [read, read, write]) {
      for (const agent of [keeping, fresh]) this.#running.push(this.#send(next, agent));
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#running);
  }

  async #send(next: () => Asked, agent: typeof keeping): Promise<void> {
    while (!this.#stopping) {
      const sentAt = performance.now();
      await ask(this.url, next(), bearing(this.account.accessToken), { agent }).then(
        ({ status, errors }) => {
          if (status === 200 && !errors) this.answered += 1;
          else this.failed.push(`${status} ${JSON.stringify(errors)}`);
        },
        (error: Error) => this.failed.push(error.message),
      );
      this.longestMs = Math.max(this.longestMs, performance.now() - sentAt);
      await sleep(20);
    }
  }
}
