// Starts the gateway, and builds it first where that is needed. One process, so that signals reach the gateway itself.

import { buildIfNeeded } from './build.mjs';

await buildIfNeeded();
await import('../dist/main.js');
