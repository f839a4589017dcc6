import { readFileSync } from 'node:fs';

/** What `npm start` tells Node.js (ADR 0028), for whatever else starts the gateway as users do. */
export const nodeSettings = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
).scripts.start.match(/--max-[\w-]+=\d+/g);
