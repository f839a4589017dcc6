#!/usr/bin/env node
// The command line, which is built first where that is needed. Only what was asked for goes to the standard output.

import { buildIfNeeded } from '../scripts/build.mjs';

await buildIfNeeded(process.stderr);
await import('../dist/cli.js');
