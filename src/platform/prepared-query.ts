import type pg from 'pg';
import utils from 'pg/lib/utils.js';

/** What the rows of a statement look like. */
interface Shape {
  names: string[];
  parsers: ((text: string) => unknown)[];
  /** A row of nothing. Its copies share its hidden class, so that filling them in makes none. */
  blank: Record<string, unknown>;
}

/** By the names of statements, for each connection. What was prepared keeps its columns: PostgreSQL refuses to run it if they have changed. */
const shapes = new WeakMap<object, Map<string, Shape>>();

/**
 * Runs a statement by its name, preparing it where the connection does not know it yet.
 *
 * pg has the columns described each time, and makes up anew what a row looks like: with a few rows that takes longer than the rows.
 */
export function runPrepared<Row extends object>(client: pg.ClientBase, statement: Statement): Promise<Row[]> {
  return new Promise<object[]>((resolve, reject) => {
    client.query(new PreparedQuery(statement, { resolve, reject }) as unknown as pg.Submittable);
  }) as Promise<Row[]>;
}

export interface Statement {
  name: string;
  text: string;
  values: readonly unknown[];
  types: pg.CustomTypesConfig;
}

/** A connection of pg, as its own queries use it. */
interface Wire {
  stream: { cork(): void; uncork(): void };
  parsedStatements: Record<string, string>;
  parse(statement: { name: string; text: string }): void;
  bind(portal: { statement: string; values: unknown[] }): void;
  describe(what: { type: 'P'; name: string }): void;
  execute(): void;
  sync(): void;
}

interface Asker {
  resolve(rows: object[]): void;
  reject(error: Error): void;
}

const nobody: Asker = { resolve() {}, reject() {} };

/** What pg calls while it sends a query and receives its answer: the messages of PostgreSQL's extended query protocol. */
class PreparedQuery {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
  readonly #types: pg.CustomTypesConfig;
  /** Set by pg, which keeps time: it is to be told when the query is over. */
  callback: (() => void) | undefined = undefined;
  #asker: Asker;
  #rows: object[] = [];
  #known!: Map<string, Shape>;
  #shape: Shape | undefined;
  #failure: Error | null = null;

  constructor({ name, text, values, types }: Statement, asker: Asker) {
    this.name = name;
    this.text = text;
    this.values = values;
    this.#types = types;
    this.#asker = asker;
  }

  /** @returns what is wrong with the values, if nothing could be sent. */
  submit(connection: Wire): Error | null {
    const { name, text } = this;
    let values: unknown[];
    try {
      values = this.values.map((value) => utils.prepareValue(value));
    } catch (error) {
      return error as Error;
    }
    this.#known = shapesOf(connection);
    const isPrepared = connection.parsedStatements[name] !== undefined;
    this.#shape = isPrepared ? this.#known.get(name) : undefined;
    // All of it in one packet.
    connection.stream.cork();
    if (!isPrepared) connection.parse({ name, text });
    connection.bind({ statement: name, values });
    if (!this.#shape) connection.describe({ type: 'P', name: '' });
    connection.execute();
    connection.sync();
    connection.stream.uncork();
    return null;
  }

  handleRowDescription({ fields }: { fields: pg.FieldDef[] }): void {
    const names = fields.map(({ name }) => name);
    const parsers = fields.map(({ dataTypeID }) => this.#types.getTypeParser(dataTypeID, 'text'));
    this.#shape = { names, parsers, blank: Object.fromEntries(names.map((name) => [name, null])) };
    this.#known.set(this.name, this.#shape);
  }

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    const { names, parsers, blank } = this.#shape!;
    const row = { ...blank };
    try {
      for (let index = 0; index < names.length; index += 1) {
        const text = fields[index]!;
        if (text !== null) row[names[index]!] = parsers[index]!(text);
      }
    } catch (error) {
      this.#failure ??= error as Error;
    }
    this.#rows.push(row);
  }

  handleCommandComplete(): void {
    // A statement without rows has no columns to describe.
    if (!this.#shape) this.#known.set(this.name, { names: [], parsers: [], blank: {} });
  }

  handleError(error: Error): void {
    this.#over().reject(error);
  }

  handleReadyForQuery(): void {
    const rows = this.#rows;
    const asker = this.#over();
    if (this.#failure) asker.reject(this.#failure);
    else asker.resolve(rows);
  }

  /** Lets go of everything: what pg has put around a query outlives it, and its rows would be kept for nobody. */
  #over(): Asker {
    const asker = this.#asker;
    this.#asker = nobody;
    this.#rows = [];
    this.callback?.();
    return asker;
  }
}

function shapesOf(connection: Wire): Map<string, Shape> {
  let known = shapes.get(connection);
  if (!known) {
    known = new Map();
    shapes.set(connection, known);
  }
  return known;
}
