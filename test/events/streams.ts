import { type Client, type ClientOptions, createClient } from 'graphql-ws';
import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { Gateway } from '../../src/gateway.js';
import { type AnsweredError, send, someNetwork } from '../support/client.js';
import type { Person, World } from '../support/world.js';

export interface EventMessage {
  cursor: string;
  event: {
    id: string;
    action: string;
    actor: { userId: string | null };
    target: { id: string };
    changes: object;
    requestId: string;
  } | null;
}

export const OrganizationEvents = `subscription OrganizationEvents($organizationId: ID, $types: [AuditAction!], $after: String) {
  organizationEvents(organizationId: $organizationId, types: $types, after: $after) {
    cursor
    event { id action actor { userId } target { id } changes requestId }
  }
}`;

export const webSocketUrl = ({ url }: Pick<Gateway, 'url'>) => `${url.replace('http', 'ws')}/graphql`;

/** A client of graphql-ws as an app would have it, from a network of its own, which does not try again unless told. */
export function clientOf(
  gateway: Pick<Gateway, 'url'>,
  connectionParams: ClientOptions['connectionParams'],
  options: Partial<ClientOptions> = {},
): Client {
  const headers = someNetwork();
  class FromSomewhere extends WebSocket {
    constructor(address: string, protocols: string) {
      super(address, protocols, { headers });
    }
  }
  const client = createClient({
    url: webSocketUrl(gateway),
    webSocketImpl: FromSomewhere,
    connectionParams,
    retryAttempts: 0,
    ...options,
  });
  onTestFinished(() => void client.dispose());
  return client;
}

export const asPerson = ({ accessToken }: Pick<Person, 'accessToken'>) => ({ Authorization: `Bearer ${accessToken}` });

/** What a stream ends with: the errors that it was told, or the code with which the socket was closed. */
export interface Ended {
  errors?: AnsweredError[];
  code?: number;
  reason?: string;
}

export interface Stream {
  /** What has come so far, with the first message. */
  readonly messages: EventMessage[];
  /** The next message. */
  next(): Promise<EventMessage>;
  /** The actions of the next events. */
  actions(count: number): Promise<string[]>;
  /** How it has ended; undefined if it just has. */
  ended: Promise<Ended | undefined>;
  stop(): void;
}

type Variables = Record<string, unknown>;

/** Follows the events of an organization. It has begun when the first message has come. */
export function follow(client: Client, variables: Variables, query = OrganizationEvents): Stream {
  const messages: EventMessage[] = [];
  let taken = 0;
  let wake = () => {};
  let stop!: () => void;
  const ended = new Promise<Ended | undefined>((resolve) => {
    stop = client.subscribe<{ organizationEvents: EventMessage }>(
      { query, variables },
      {
        next({ data }) {
          messages.push(data!.organizationEvents);
          wake();
        },
        error(error) {
          resolve(endOf(error));
          wake();
        },
        complete() {
          resolve(undefined);
          wake();
        },
      },
    );
  });
  let isOver = false;
  void ended.then(() => {
    isOver = true;
    wake();
  });
  const next = async (): Promise<EventMessage> => {
    while (messages.length <= taken) {
      if (isOver) throw new Error(`The stream is over: ${JSON.stringify(await ended)}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    taken += 1;
    return messages[taken - 1]!;
  };
  return {
    messages,
    next,
    async actions(count) {
      const actions: string[] = [];
      while (actions.length < count) {
        const { event } = await next();
        if (event) actions.push(event.action);
      }
      return actions;
    },
    ended,
    stop,
  };
}

function endOf(error: unknown): Ended {
  if (Array.isArray(error)) return { errors: error as AnsweredError[] };
  const { code, reason, message } = error as { code?: number; reason?: string; message?: string };
  return { ...(code && { code }), reason: reason ?? String(message) };
}

/** The same for somebody, in a world; resolves when it has begun. */
export async function followAs(
  gateway: Pick<Gateway, 'url'>,
  person: Pick<Person, 'accessToken'>,
  { organization }: Pick<World, 'organization'>,
  variables: Variables = {},
): Promise<Stream> {
  const stream = follow(clientOf(gateway, asPerson(person)), { organizationId: organization.id, ...variables });
  await stream.next();
  return stream;
}

/** Makes a team, which is the least that can be put on record. */
export async function makeTeam(person: Person, { organization }: Pick<World, 'organization'>, name = 'Red') {
  const document = 'mutation ($input: CreateTeamInput!) { createTeam(input: $input) { team { id } } }';
  const input = { organizationId: organization.id, name };
  const { data, errors } = await person.send<{ createTeam: { team: { id: string } } }, object>(document, { input });
  if (errors) throw new Error(JSON.stringify(errors));
  return data.createTeam.team.id;
}

/** The same person, with another gateway on the same database. */
export function through<P extends Person>({ url }: Pick<Gateway, 'url'>, person: P): P {
  const headers = { authorization: `Bearer ${person.accessToken}` };
  return { ...person, send: (document, variables) => send(url, document, variables, headers) };
}
