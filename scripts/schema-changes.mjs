// Compares schema.graphql with the schema of the last release, and ends with 1 if a client of that release could break:
//
//   node scripts/schema-changes.mjs              what has changed since the release
//   node scripts/schema-changes.mjs --release    this is the next release, under the version in package.json
//
// Two other files can be named: `--schema <file> --released <file>`.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildSchema, findBreakingChanges, findDangerousChanges } from 'graphql';

const inRoot = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));

const { values: options } = parseArgs({
  options: {
    schema: { type: 'string', default: inRoot('schema.graphql') },
    released: { type: 'string', default: inRoot('schema.released.graphql') },
    version: { type: 'string', default: JSON.parse(readFileSync(inRoot('package.json'), 'utf8')).version },
    release: { type: 'boolean', default: false },
  },
});

const heading = /^# The schema of release (\S+)\n/;
const current = readFileSync(options.schema, 'utf8');
const released = readFileSync(options.released, 'utf8');
const last = heading.exec(released)?.[1];
if (!last) fail(`${options.released} does not begin with the version that it belongs to.`);

const [before, after] = [buildSchema(released), buildSchema(current)];
const breaking = findBreakingChanges(before, after);
say('Breaks clients', breaking);
say('May surprise clients', findDangerousChanges(before, after));

if (breaking.length > 0 && !mayBreak(last, options.version)) {
  fail(
    `${breaking.length} of them since ${last}. Keep and deprecate what clients use; if it has to go, ${nextBreaking(last)} ` +
      'is the next version that may break them (CONTRIBUTING.md, “Releases”).',
  );
}
if (options.release) {
  writeFileSync(options.released, `# The schema of release ${options.version}\n${current}`);
  process.stdout.write(`${options.released} is that of ${options.version} now.\n`);
}

function say(title, changes) {
  for (const { type, description } of changes) process.stdout.write(`${title}: ${description} (${type})\n`);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** By Semantic Versioning a new major version may break clients, and before 1.0.0 a new minor one. */
function mayBreak(from, to) {
  const least = parts(nextBreaking(from));
  const given = parts(to);
  const differs = given.findIndex((part, index) => part !== least[index]);
  return differs === -1 || given[differs] > least[differs];
}

function nextBreaking(version) {
  const [major, minor] = parts(version);
  return major === 0 ? `0.${minor + 1}.0` : `${major + 1}.0.0`;
}

function parts(version) {
  return version.split('-')[0].split('.').map(Number);
}
