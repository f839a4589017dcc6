import { type Config, ConfigurationError, readConfig } from './platform/config.js';

const config = configuration();
// All the rest takes a second to load, and is not needed to say what is wrong.
const { serve } = await import('./serve.js');
await serve(config);

function configuration(): Config {
  try {
    return readConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
