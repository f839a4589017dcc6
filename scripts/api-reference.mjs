// Writes docs/api from the schema that the gateway serves; with --check it only compares, and exits 1 if they differ.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  astFromValue,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
  lexicographicSortSchema,
  print,
} from 'graphql';
import { buildIfNeeded } from './build.mjs';

await buildIfNeeded();
const { createSchema } = await import('../dist/schema.js');
const schema = lexicographicSortSchema(createSchema());
const types = Object.values(schema.getTypeMap()).filter((type) => !isIntrospectionType(type));
const roots = {
  query: schema.getQueryType(),
  mutation: schema.getMutationType(),
  subscription: schema.getSubscriptionType(),
};
const isRoot = (type) => Object.values(roots).includes(type);

/** The pages, and what stands on each: root fields, or types. A page with nothing on it is not written. */
const pages = [
  { file: 'queries.md', title: 'Queries', entries: rootFields(roots.query), entry: operation },
  { file: 'mutations.md', title: 'Mutations', entries: rootFields(roots.mutation), entry: operation },
  { file: 'subscriptions.md', title: 'Subscriptions', entries: rootFields(roots.subscription), entry: operation },
  {
    file: 'objects.md',
    title: 'Objects',
    entries: types.filter((type) => isObjectType(type) && !isRoot(type)),
    entry: object,
  },
  { file: 'inputs.md', title: 'Inputs', entries: types.filter(isInputObjectType), entry: input },
  { file: 'enums.md', title: 'Enums', entries: types.filter(isEnumType), entry: enumeration },
  { file: 'scalars.md', title: 'Scalars', entries: types.filter(isScalarType), entry: scalar },
].filter(({ entries }) => entries.length > 0);

const pageOf = new Map(
  pages.flatMap(({ file, entries, entry }) => (entry === operation ? [] : entries.map(({ name }) => [name, file]))),
);
const unplaced = types.filter((type) => !isRoot(type) && !pageOf.has(type.name));
if (unplaced.length > 0) throw new Error(`No page is for ${unplaced.join(', ')}.`);

const texts = new Map([['README.md', index()], ...pages.map((page) => [page.file, pageText(page)])]);
await (process.argv.includes('--check') ? compare(texts) : write(texts));

function rootFields(type) {
  return Object.values(type?.getFields() ?? {});
}

function pageText({ title, entries, entry }) {
  return [`# ${title}`, note(), ...entries.map((one) => `## ${one.name}\n\n${entry(one)}`)].join('\n\n').concat('\n');
}

function note() {
  return '<!-- Written by `npm run docs` from the schema. Descriptions are changed in src/modules. -->\n\n[All of the API](README.md)';
}

function index() {
  const list = ({ file, title, entries }) =>
    `## [${title}](${file})\n\n${entries.map(({ name }) => `[\`${name}\`](${file}#${anchor(name)})`).join(' · ')}`;
  return [
    '# The API',
    '<!-- Written by `npm run docs` from the schema. Descriptions are changed in src/modules. -->',
    'Everything that `schema.graphql` has. “Who may” names the permission that a field takes in the organization that it is ' +
      'about, or who else it lets pass; [roles and permissions](../roles-and-permissions.md) says which role holds what, and what ' +
      'is checked beyond that. To outsiders an organization is NOT_FOUND. An API key needs the scope `organizations:read` for ' +
      'queries and `organizations:write` for mutations, too.',
    ...pages.map(list),
  ]
    .join('\n\n')
    .concat('\n');
}

function operation(field) {
  const who = field.extensions.rule?.who;
  if (!who) throw new Error(`The rule of ${field.name} does not say whom it lets pass.`);
  return parts(
    paragraph(field),
    `Who may: ${who}.`,
    table(['argument', 'type', 'meaning'], field.args.map(value)),
    `Returns ${linked(field.type)}`,
  );
}

function object(type) {
  return parts(paragraph(type), table(['field', 'type', 'meaning'], Object.values(type.getFields()).map(fieldRow)));
}

function fieldRow(field) {
  const who = field.extensions.rule?.who;
  const given = field.args.map(
    (arg) => `\`${arg.name}\`: ${linked(arg.type)}${byDefault(arg)} ${line(arg.description)}`,
  );
  const meaning = [line(field.description), deprecated(field), who && `Who may: ${who}.`, ...given].filter(Boolean);
  return [`\`${field.name}\``, linked(field.type), meaning.join('<br>')];
}

function input(type) {
  return parts(paragraph(type), table(['field', 'type', 'meaning'], Object.values(type.getFields()).map(value)));
}

/** A row for an argument or a field of an input. */
function value(given) {
  const meaning = [line(given.description), deprecated(given)].filter(Boolean);
  return [`\`${given.name}\``, `${linked(given.type)}${byDefault(given)}`, meaning.join('<br>')];
}

function enumeration(type) {
  const rows = type
    .getValues()
    .map((one) => [`\`${one.name}\``, [line(one.description), deprecated(one)].filter(Boolean).join(' ')]);
  return parts(paragraph(type), table(['value', 'meaning'], rows));
}

function scalar(type) {
  return parts(paragraph(type), type.specifiedByURL && `Specified by <${type.specifiedByURL}>.`);
}

function paragraph(described) {
  return parts(described.description, deprecated(described));
}

function deprecated({ deprecationReason }) {
  return deprecationReason && `**Deprecated.** ${line(deprecationReason)}`;
}

function byDefault({ type, defaultValue }) {
  return defaultValue === undefined ? '' : ` = \`${print(astFromValue(defaultValue, type))}\``;
}

/** A type as it is written, with a link on its name. */
function linked(type) {
  const { name } = getNamedType(type);
  const [before, after] = String(type).split(name);
  const escaped = (text) => text.replaceAll('[', '\\[').replaceAll(']', '\\]');
  return `${escaped(before)}[${name}](${pageOf.get(name)}#${anchor(name)})${escaped(after)}`;
}

function anchor(name) {
  return name.toLowerCase();
}

function table(heads, rows) {
  if (rows.length === 0) return undefined;
  const row = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [row(heads), `|${heads.map(() => '---|').join('')}`, ...rows.map(row)].join('\n');
}

function line(text) {
  return text?.replaceAll(/\s+/g, ' ').trim();
}

function parts(...paragraphs) {
  return paragraphs.filter(Boolean).join('\n\n');
}

function folder() {
  return fileURLToPath(new URL('../docs/api/', import.meta.url));
}

async function namesThere() {
  return await readdir(folder()).catch(() => []);
}

async function write(wanted) {
  await rm(folder(), { recursive: true, force: true });
  await mkdir(folder());
  for (const [file, text] of wanted) await writeFile(folder() + file, text);
}

async function compare(wanted) {
  const different = (await namesThere()).filter((file) => !wanted.has(file));
  for (const [file, text] of wanted) {
    if ((await readFile(folder() + file, 'utf8').catch(() => '')) !== text) different.push(file);
  }
  if (different.length === 0) return;
  process.stderr.write(`docs/api is out of date (${different.join(', ')}). Run: npm run docs\n`);
  process.exit(1);
}
