import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  Lexer,
  type OperationDefinitionNode,
  parse,
  type SelectionNode,
  type SelectionSetNode,
  Source,
  TokenKind,
} from 'graphql';
import { DomainError } from '../platform/errors.js';

/** How much one document may ask for, whoever sends it; each of these alone could keep the gateway busy for everybody. */
export const documentLimits = {
  /** Of the whole text, comments and all. */
  characters: 100_000,
  /** Names, numbers and punctuation of the whole document. */
  tokens: 5_000,
  /** Levels of fields. The query that reads the whole schema has 13. */
  depth: 16,
  fragments: 100,
  directives: 50,
  /** In one operation, with all fragments put in: */
  rootFields: 50,
  aliases: 100,
  /** Fields, and fragments wherever they are spread. */
  selections: 1_000,
  /** Pairs of selections that write to the same place of the answer, which have to be compared with each other. */
  repetitions: 2_000,
  /** Of the whole request: objects, lists, and what they hold. The largest batch of activity has 7,000. */
  values: 10_000,
  /** Levels of objects and lists in the request. */
  nesting: 32,
} as const;

type Limit = keyof typeof documentLimits;

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** Mutations that try a secret or send mail: a second one in the same document would be a second guess for one request. */
const oneOfThese: ReadonlySet<string> = new Set([
  ...['login', 'register', 'refreshSession', 'requestPasswordReset', 'resetPassword', 'changePassword', 'verifyEmail'],
  ...['requestEmailVerification', 'acceptInvitation', 'declineInvitation'],
]);

/**
 * Looks at a document before anything else does: parsing it further and validating it may take a time that grows with the
 * square of its size, or faster.
 *
 * A document that cannot be parsed passes: whoever parses it next says what is wrong with it. One whose fragments contain
 * themselves has no end.
 *
 * @throws {DomainError} QUERY_TOO_COMPLEX with `limit`, `maximum` and (where it was counted to the end) `actual`.
 */
export function assertWithinLimits(text: string): void {
  if (passed.has(text)) return;
  assertLimit('characters', text.length);
  measure(text);
  if (text.length > longestRemembered) return;
  if (passed.size >= mostRemembered) passed.delete(passed.values().next().value!);
  passed.add(text);
}

/** Apps send the same few documents all the time, and what a text asks for does not change. */
const passed = new Set<string>();
const mostRemembered = 1_000;
const longestRemembered = 10_000;

function measure(text: string): void {
  assertFewTokens(text);
  const document = parsed(text);
  if (!document) return;
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  assertLimit('fragments', fragments.size);
  assertLimit('directives', directivesIn(document));
  const sizes = new Sizes(fragments);
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) assertOperation(definition, sizes, fragments);
  }
}

function assertOperation(operation: OperationDefinitionNode, sizes: Sizes, fragments: Fragments): void {
  const { selections, aliases, depth, rootFields } = sizes.of(operation.selectionSet);
  assertLimit('selections', selections);
  assertLimit('depth', depth);
  assertLimit('rootFields', rootFields);
  assertLimit('aliases', aliases);
  // From here on the operation is known to be small, however it is written.
  assertLimit('repetitions', repetitionsIn([operation.selectionSet], fragments));
  if (operation.operation === 'mutation') assertOneSecret(operation.selectionSet, fragments);
}

function assertOneSecret(selections: SelectionSetNode, fragments: Fragments): void {
  const sensitive = fieldsOf(selections, fragments).filter(({ name }) => oneOfThese.has(name.value));
  if (sensitive.length <= 1) return;
  throw new DomainError('QUERY_TOO_COMPLEX', `A document may have one of ${[...oneOfThese].join(', ')}.`, {
    limit: 'sensitiveMutations',
    maximum: 1,
    actual: sensitive.length,
  });
}

function assertLimit(limit: Limit, actual: number): void {
  if (actual > documentLimits[limit]) throw tooComplex(limit, documentLimits[limit], actual);
}

const ofRequest: ReadonlySet<string> = new Set<Limit>(['values', 'nesting']);

/** @param actual left out where it was not counted to the end. */
export function tooComplex(limit: Limit | 'cost', maximum: number, actual?: number): DomainError {
  const words = limit.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  const known = actual !== undefined && Number.isSafeInteger(actual);
  const message = `The ${ofRequest.has(limit) ? 'request' : 'document'} is over the limit for ${words}${known ? `: it has ${actual}` : ''}. At most ${maximum} is allowed.`;
  return new DomainError('QUERY_TOO_COMPLEX', message, { limit, maximum, ...(known && { actual }) });
}

function assertFewTokens(text: string): void {
  const lexer = new Lexer(new Source(text));
  try {
    for (let count = 0; lexer.advance().kind !== TokenKind.EOF; count += 1) {
      if (count >= documentLimits.tokens) throw tooComplex('tokens', documentLimits.tokens);
    }
  } catch (error) {
    if (error instanceof DomainError) throw error;
  }
}

function parsed(text: string): DocumentNode | null {
  try {
    return parse(text, { noLocation: true });
  } catch {
    return null;
  }
}

/** All directives as they are written. */
function directivesIn(node: unknown): number {
  if (Array.isArray(node)) return node.reduce<number>((sum, item) => sum + directivesIn(item), 0);
  if (typeof node !== 'object' || node === null) return 0;
  const own = (node as { kind?: string }).kind === Kind.DIRECTIVE ? 1 : 0;
  return Object.values(node).reduce<number>((sum, value) => sum + directivesIn(value), own);
}

interface Size {
  selections: number;
  aliases: number;
  depth: number;
  rootFields: number;
}

const nothing: Size = { selections: 0, aliases: 0, depth: 0, rootFields: 0 };

/** How large selections are with all fragments put in. Each fragment is measured once, so this takes no longer than reading. */
class Sizes {
  readonly #fragments: Fragments;
  readonly #known = new Map<string, Size | 'being measured'>();

  constructor(fragments: Fragments) {
    this.#fragments = fragments;
  }

  of({ selections }: SelectionSetNode): Size {
    return selections.map((selection) => this.#ofSelection(selection)).reduce(together, nothing);
  }

  #ofSelection(selection: SelectionNode): Size {
    switch (selection.kind) {
      case Kind.FIELD: {
        const inner = selection.selectionSet ? this.of(selection.selectionSet) : nothing;
        const aliases = inner.aliases + (selection.alias ? 1 : 0);
        return { selections: inner.selections + 1, aliases, depth: inner.depth + 1, rootFields: 1 };
      }
      case Kind.INLINE_FRAGMENT:
        return together(this.of(selection.selectionSet), { ...nothing, selections: 1 });
      case Kind.FRAGMENT_SPREAD:
        return together(this.#ofFragment(selection.name.value), { ...nothing, selections: 1 });
    }
  }

  #ofFragment(name: string): Size {
    const known = this.#known.get(name);
    if (known === 'being measured') throw tooComplex('depth', documentLimits.depth);
    if (known) return known;
    this.#known.set(name, 'being measured');
    const fragment = this.#fragments.get(name);
    const size = fragment ? this.of(fragment.selectionSet) : nothing;
    this.#known.set(name, size);
    return size;
  }
}

function together(a: Size, b: Size): Size {
  return {
    selections: a.selections + b.selections,
    aliases: a.aliases + b.aliases,
    depth: Math.max(a.depth, b.depth),
    rootFields: a.rootFields + b.rootFields,
  };
}

/** The fields of a selection with its fragments put in. Only for operations that are known to be small. */
function fieldsOf({ selections }: SelectionSetNode, fragments: Fragments): FieldNode[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    const set =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection.selectionSet
        : fragments.get(selection.name.value)?.selectionSet;
    return set ? fieldsOf(set, fragments) : [];
  });
}

/** How many pairs of selections meet at the same place of the answer. */
function repetitionsIn(sets: readonly SelectionSetNode[], fragments: Fragments): number {
  const places = new Map<string, FieldNode[]>();
  for (const field of sets.flatMap((set) => fieldsOf(set, fragments))) {
    const place = (field.alias ?? field.name).value;
    const there = places.get(place);
    if (there) there.push(field);
    else places.set(place, [field]);
  }
  let pairs = 0;
  for (const there of places.values()) {
    pairs += (there.length * (there.length - 1)) / 2;
    const inner = there.flatMap(({ selectionSet }) => (selectionSet ? [selectionSet] : []));
    if (inner.length > 0) pairs += repetitionsIn(inner, fragments);
  }
  return pairs;
}
