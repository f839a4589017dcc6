import { readFileSync } from 'node:fs';

/** The version of this build. `src/platform` and `dist/platform` lie equally deep, so one path serves both. */
export const version: string = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version;
