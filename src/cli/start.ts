import { readConfig } from '../platform/config.js';
import type { Terminal } from './command.js';

/** Runs the gateway until the process is told to end, which `serve` does. */
export async function start({ env }: Terminal): Promise<number> {
  const config = readConfig(env);
  // All the rest takes a second to load, and is not needed to say what is wrong.
  const { serve } = await import('../serve.js');
  await serve(config);
  return 0;
}
