import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { assertCompositionSuccess, composeServices } from '@theguild/federation-composition';
import { parse } from 'graphql';
import { afterAll, beforeAll } from 'vitest';
import type { Gateway } from '../../src/gateway.js';
import { printedSubgraph } from '../../src/schema.js';
import { type Listening, serveTours, type Tour, toursSdl } from './tours.js';

/** Tenantry and tours as one graph. */
export function compose(urls: { tenantry: string; tours: string }) {
  return composeServices([
    { name: 'tenantry', typeDefs: parse(printedSubgraph()), url: urls.tenantry },
    { name: 'tours', typeDefs: parse(toursSdl), url: urls.tours },
  ]);
}

export interface Supergraph {
  /** Where the router is. */
  url: string;
  service: Listening;
  /** What there are tours of; a test puts its own in. */
  tours: Tour[];
}

/** A router in front of Tenantry and of a service for tours, all of them listening. */
export function useSupergraph(gateway: () => Gateway): () => Supergraph {
  const tours: Tour[] = [];
  const ends: (() => Promise<unknown>)[] = [];
  let supergraph: Supergraph | undefined;
  beforeAll(async () => {
    const service = await serveTours(() => tours);
    ends.push(service.close);
    const composed = compose({ tenantry: `${gateway().url}/graphql`, tours: service.url });
    assertCompositionSuccess(composed);
    const router = await startRouter(composed.supergraphSdl);
    ends.push(router.stop);
    supergraph = { url: router.url, service, tours };
  });
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });
  return () => supergraph!;
}

async function startRouter(supergraph: string): Promise<{ url: string; stop(): Promise<unknown> }> {
  const router = fork(fileURLToPath(new URL('router.mjs', import.meta.url)), { execArgv: [] });
  const ended = once(router, 'exit');
  const stop = () => {
    router.kill('SIGKILL');
    return ended;
  };
  router.send(supergraph);
  const early = ended.then(([code]) => {
    throw new Error(`The router has ended with ${code}.`);
  });
  const [port] = (await Promise.race([once(router, 'message'), early])) as [number];
  early.catch(() => {});
  return { url: `http://127.0.0.1:${port}`, stop };
}
