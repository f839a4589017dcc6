import DataLoader from 'dataloader';
import type { Batcher, Key } from './batcher.js';
import type { KeyedStatement, Values } from './sql.js';

/**
 * The reads of one request: a DataLoader for each statement, in front of the batcher that all requests share.
 *
 * Within the request each key is read once. Nothing outlives the request, and a mutation forgets everything first.
 */
export class Reads {
  readonly #batcher: Batcher;
  readonly #loaders = new Map<string, DataLoader<Key, unknown[], string>>();

  constructor(batcher: Batcher) {
    this.#batcher = batcher;
  }

  /** All rows of one key. */
  rows<Row>(statement: KeyedStatement<Row>, key: Key, fixed: Values = []): Promise<Row[]> {
    return this.#loaderOf(statement, fixed).load(key) as Promise<Row[]>;
  }

  /** The only row of one key, or null. */
  async row<Row>(statement: KeyedStatement<Row>, key: Key): Promise<Row | null> {
    return (await this.rows(statement, key))[0] ?? null;
  }

  /** Forgets all that was read, so that what follows a change sees it. */
  forget(): void {
    this.#loaders.clear();
  }

  #loaderOf<Row>(statement: KeyedStatement<Row>, fixed: Values): DataLoader<Key, unknown[], string> {
    const name = fixed.length === 0 ? statement.text : `${statement.text}\n${JSON.stringify(fixed)}`;
    let loader = this.#loaders.get(name);
    if (!loader) {
      loader = new DataLoader<Key, unknown[], string>(
        async (keys) => {
          const answers = await Promise.allSettled(keys.map((key) => this.#batcher.load(statement, key, fixed)));
          return answers.map((answer) => (answer.status === 'fulfilled' ? answer.value : asError(answer.reason)));
        },
        { cacheKeyFn: (key) => key.join('\n') },
      );
      this.#loaders.set(name, loader);
    }
    return loader;
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}
