import type { ApolloServerOptions } from '@apollo/server';
import type { DocumentNode } from 'graphql';
import type { GraphQLContext } from './context.js';

type Store = NonNullable<ApolloServerOptions<GraphQLContext>['documentStore']>;

/**
 * The documents that were sent lately, parsed and found valid. Apollo Server keeps them here, and finds them by the hash of their
 * text; whoever has the text finds them without hashing it.
 */
export class DocumentStore implements Store {
  readonly #byKey = new Recent();
  readonly #byText = new Recent();

  withText(text: string): DocumentNode | undefined {
    return this.#byText.get(text);
  }

  async get(key: string): Promise<DocumentNode | undefined> {
    return this.#byKey.get(key);
  }

  async set(key: string, document: DocumentNode): Promise<void> {
    this.#byKey.set(key, document);
    this.#byText.set(textOf(document), document);
  }

  async delete(): Promise<void> {
    throw new Error('What nobody asks for is forgotten; nothing is taken out.');
  }
}

/** In each of two generations. A parsed document takes about a hundred bytes for each character of its text. */
const mostCharacters = 500_000;

/** What nobody has asked for during a whole generation is forgotten. To find something young changes nothing, as it would in a list by last use. */
class Recent {
  #young = new Map<string, DocumentNode>();
  #old = new Map<string, DocumentNode>();
  #characters = 0;

  get(key: string): DocumentNode | undefined {
    const young = this.#young.get(key);
    if (young) return young;
    const old = this.#old.get(key);
    if (old) this.set(key, old);
    return old;
  }

  set(key: string, document: DocumentNode): void {
    if (this.#characters > mostCharacters) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#characters = 0;
    }
    this.#young.set(key, document);
    this.#characters += textOf(document).length;
  }
}

function textOf({ loc }: DocumentNode): string {
  return loc!.source.body;
}
