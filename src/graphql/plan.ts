import {
  type DocumentNode,
  defaultFieldResolver,
  type ExecutionResult,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  type GraphQLField,
  GraphQLID,
  type GraphQLLeafType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  GraphQLString,
  getArgumentValues,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  locatedError,
  type OperationDefinitionNode,
  responsePathAsArray,
  TypeNameMetaFieldDef,
} from 'graphql';
import { collectFields, collectSubfields } from 'graphql/execution/collectFields.js';
import type { GraphQLContext } from './context.js';
import type { WithIncluded } from './included.js';

// Executes operations just as graphql-js 16 does, word for word where it matters: the order of resolvers, what is answered where
// one fails, and which errors are told. What graphql-js finds out for every object of every request is found out here once for
// the operation: which fields are selected, of which type they are, and how their values become what is answered.

export type Variables = Readonly<Record<string, unknown>>;

type Path = GraphQLResolveInfo['path'];

/** An operation whose fields have been looked up. */
export interface Plan {
  run(context: GraphQLContext, variables: Variables): Promise<ExecutionResult>;
}

/** What is the same for every run. */
type Fixed = Pick<GraphQLResolveInfo, 'schema' | 'fragments' | 'operation'>;

/** One run of a plan. */
interface Run extends Fixed {
  context: GraphQLContext;
  variables: Variables;
  errors: FieldErrors;
}

/** A place in an object of the answer. */
interface Place extends Completion {
  /** What it is called in the answer. */
  key: string;
  parent: GraphQLObjectType;
  field: GraphQLField<unknown, unknown>;
  /** Whether the parent has its value as a text that is answered as it is. By far the most values are like that. */
  isText: boolean;
}

/** How values come to be what is answered. */
interface Completion {
  complete: Complete;
  /** Whether an error here leaves nothing of what is around it. */
  isRequired: boolean;
  nodes: readonly FieldNode[];
}

/** Makes of a value what is answered, or a promise of it. It throws what is to be told as an error. */
type Complete = (run: Run, value: unknown, path: Path) => unknown;

/** What is thrown where an operation has something in it that is not planned here. */
const unplanned = Symbol('unplanned');

/** @returns null for what graphql-js has to execute: questions about the schema, abstract types, and keys that objects reserve. */
export function planOf(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  { definitions }: DocumentNode,
  variables: Variables,
): Plan | null {
  const root = schema.getRootType(operation.operation);
  if (!root || operation.operation === 'subscription') return null;
  const fragments: Record<string, FragmentDefinitionNode> = Object.create(null);
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  const fixed = { schema, fragments, operation };
  try {
    const selected = collectFields(schema, fragments, variables, root, operation.selectionSet);
    const places = new Planner(fixed, variables).places(root, selected);
    const answer = operation.operation === 'mutation' ? inSeries : atOnce;
    return {
      run(context, variables) {
        const run = { context, variables, errors: new FieldErrors(), ...fixed };
        return resultOf(run, () => answer(run, places, undefined, undefined));
      },
    };
  } catch (reason) {
    // Where a directive cannot be followed, graphql-js says so in its place.
    if (reason === unplanned || reason instanceof GraphQLError) return null;
    throw reason;
  }
}

/** Where an error reaches the root, nothing is left of the answer. */
async function resultOf({ errors }: Run, answer: () => unknown): Promise<ExecutionResult> {
  try {
    return errors.beside(await answer());
  } catch (error) {
    errors.add(error as GraphQLError, undefined);
    return errors.beside(null);
  }
}

class Planner {
  readonly #fixed: Fixed;
  readonly #variables: Variables;

  /** @param variables of which only those count that `@skip` and `@include` look at. */
  constructor(fixed: Fixed, variables: Variables) {
    this.#fixed = fixed;
    this.#variables = variables;
  }

  places(parent: GraphQLObjectType, selected: ReadonlyMap<string, readonly FieldNode[]>): Place[] {
    return [...selected].map(([key, nodes]) => this.#place(parent, key, nodes));
  }

  #place(parent: GraphQLObjectType, key: string, nodes: readonly FieldNode[]): Place {
    const name = nodes[0]!.name.value;
    const field = parent.getFields()[name];
    if (key === '__proto__' || (!field && name !== '__typename')) throw unplanned;
    if (!field) return typename(parent, key, nodes);
    const place = { key, parent, field, nodes, isRequired: isNonNullType(field.type) };
    const type = isNonNullType(field.type) ? field.type.ofType : field.type;
    const isText = !field.resolve && (type === GraphQLString || type === GraphQLID);
    return { ...place, isText, complete: this.#completing(field.type, place) };
  }

  #completing(type: GraphQLOutputType, place: Omit<Place, 'isText' | 'complete'>): Complete {
    if (isNonNullType(type)) return required(this.#completing(type.ofType, place), place);
    if (isListType(type)) {
      const complete = this.#completing(type.ofType, place);
      return eachOf({ complete, isRequired: isNonNullType(type.ofType), nodes: place.nodes }, place);
    }
    if (isLeafType(type)) return serialized(type);
    if (!isObjectType(type) || type.isTypeOf) throw unplanned;
    const { schema, fragments } = this.#fixed;
    const inner = this.places(type, collectSubfields(schema, fragments, this.#variables, type, place.nodes));
    return unlessAbsent((run, value, path) => atOnce(run, inner, value, path));
  }
}

function typename(parent: GraphQLObjectType, key: string, nodes: readonly FieldNode[]): Place {
  const field = TypeNameMetaFieldDef;
  return { key, parent, field, nodes, isText: false, isRequired: true, complete: () => parent.name };
}

function required(complete: Complete, { parent, field }: Pick<Place, 'parent' | 'field'>): Complete {
  return (run, value, path) => {
    const completed = complete(run, value, path);
    if (completed !== null) return completed;
    throw new Error(`Cannot return null for non-nullable field ${parent.name}.${field.name}.`);
  };
}

function unlessAbsent(complete: Complete): Complete {
  return (run, value, path) => {
    if (value instanceof Error) throw value;
    return value == null ? null : complete(run, value, path);
  };
}

function serialized(type: GraphQLLeafType): Complete {
  return unlessAbsent((_, value) => {
    const written = type.serialize(value);
    if (written != null) return written;
    throw new Error(`A value of ${type.name} came out as none.`);
  });
}

function eachOf(item: Completion, { parent, field }: Pick<Place, 'parent' | 'field'>): Complete {
  return unlessAbsent((run, values, prev) => {
    if (typeof values !== 'object' || !(Symbol.iterator in (values as object))) {
      throw new GraphQLError(`Expected Iterable, but did not find one for field "${parent.name}.${field.name}".`);
    }
    const all = Array.isArray(values) ? values : Array.from(values as Iterable<unknown>);
    const items = new Array<unknown>(all.length);
    let isPromised = false;
    for (let key = 0; key < all.length; key += 1) {
      const answer = answerWith(run, item, all[key], { prev, key, typename: undefined });
      if (isPromise(answer)) isPromised = true;
      items[key] = answer;
    }
    return isPromised ? Promise.all(items) : items;
  });
}

/** Answers an object: all of its fields begin at once. */
function atOnce(run: Run, places: readonly Place[], source: unknown, path: Path | undefined): unknown {
  const answers: Record<string, unknown> = {};
  let promised: Promise<void>[] | undefined;
  try {
    for (const place of places) {
      const { key } = place;
      const answer = answerOf(run, place, source, path);
      answers[key] = answer;
      if (!isPromise(answer)) continue;
      promised ??= [];
      promised.push(
        answer.then((value) => {
          answers[key] = value;
        }),
      );
    }
  } catch (error) {
    // The others are waited for, because they may fail as well.
    if (promised) return Promise.all(promised).finally(() => Promise.reject(error));
    throw error;
  }
  if (!promised) return answers;
  return (promised.length === 1 ? promised[0]! : Promise.all(promised)).then(() => answers);
}

/** Answers a mutation: each field begins when the one before it has been answered; after one that fails for good, none does. */
async function inSeries(run: Run, places: readonly Place[], source: unknown, path: Path | undefined): Promise<unknown> {
  const answers: Record<string, unknown> = {};
  for (const place of places) answers[place.key] = await answerOf(run, place, source, path);
  return answers;
}

function answerOf(run: Run, place: Place, source: unknown, prev: Path | undefined): unknown {
  const { isText, field, key, parent } = place;
  if (isText) {
    const text = (source as Record<string, unknown> | undefined)?.[field.name];
    if (typeof text === 'string') return text;
  }
  const path = { prev, key, typename: parent.name };
  try {
    return answerWith(run, place, resolved(run, place, source, path), path);
  } catch (error) {
    return failed(run, place, error, path);
  }
}

/** Asks the resolver, or the parent itself where there is none. */
function resolved(run: Run, { field, parent, nodes }: Place, source: unknown, path: Path): unknown {
  if (field === TypeNameMetaFieldDef) return parent.name;
  if (!field.resolve) {
    const value = isObject(source) ? source[field.name] : undefined;
    if (typeof value !== 'function') return value;
  } else {
    // The resolver would find it, too (`answerIncluded`), once it has been told all that it need not know then.
    const included = (source as WithIncluded | undefined)?.included?.[field.name];
    if (included !== undefined) return included;
  }
  const { schema, fragments, operation, context, variables } = run;
  const args = field.args.length === 0 ? Object.create(null) : getArgumentValues(field, nodes[0]!, variables);
  return (field.resolve ?? defaultFieldResolver)(source, args, context, {
    fieldName: field.name,
    fieldNodes: nodes,
    returnType: field.type,
    parentType: parent,
    path,
    schema,
    fragments,
    rootValue: undefined,
    operation,
    variableValues: variables as Record<string, unknown>,
  });
}

function answerWith(run: Run, completion: Completion, value: unknown, path: Path): unknown {
  try {
    const { complete } = completion;
    const answer = isPromise(value)
      ? value.then((settled) => complete(run, settled, path))
      : complete(run, value, path);
    return isPromise(answer) ? answer.then(undefined, (error) => failed(run, completion, error, path)) : answer;
  } catch (error) {
    return failed(run, completion, error, path);
  }
}

/** An error takes the place of a value that may be missing; else it goes on to what is around it. */
function failed({ errors }: Run, { nodes, isRequired }: Completion, cause: unknown, path: Path): null {
  const error = locatedError(cause, nodes, responsePathAsArray(path));
  if (isRequired) throw error;
  errors.add(error, path);
  return null;
}

/** The errors of one run. */
class FieldErrors {
  readonly #told: GraphQLError[] = [];
  /** Where nothing is left of the answer; undefined is its root. */
  readonly #nulled = new Set<Path | undefined>();

  /** What goes wrong inside of something that is already gone is not told. */
  add(error: GraphQLError, path: Path | undefined): void {
    if (this.#nulled.has(undefined)) return;
    for (let place = path; place; place = place.prev) if (this.#nulled.has(place)) return;
    this.#nulled.add(path);
    this.#told.push(error);
  }

  beside(data: unknown): ExecutionResult {
    const answer = { data: data as Record<string, unknown> | null };
    return this.#told.length === 0 ? answer : { errors: this.#told, ...answer };
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as Promise<unknown> | null | undefined)?.then === 'function';
}
