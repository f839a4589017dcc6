import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const deploy = join(import.meta.dirname, '../../deploy');

/** A file as it is deployed. */
export function deployed(name) {
  return readFileSync(join(deploy, name), 'utf8');
}

/** The same with other addresses in it, and nothing else: what is tested is what is deployed. */
export function adapted(name, replacements) {
  let text = deployed(name);
  for (const [before, after] of Object.entries(replacements)) {
    if (text.split(before).length !== 2) throw new Error(`deploy/${name} should contain "${before}" once.`);
    text = text.replace(before, () => after);
  }
  return text;
}
