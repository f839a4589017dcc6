import { ConfigurationError, readConfig } from '../../src/platform/config.js';

/** What is said to be wrong with an environment, line by line. */
export function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}
