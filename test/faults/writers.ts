import { randomUUID } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Account, found, register, signIn } from './people.js';
import { type Answered, type Asked, ask, bearing } from './requests.js';

/** What a write leaves behind: a team, an invitation with its mail, or another description of a team. */
export type Kind = 'team' | 'invitation' | 'description';

interface Place {
  organizationId: string;
  /** Whose description changes. */
  teamId: string;
}

const places = 8;
const loops = 16;
/** Of twenty writes. */
const invitations = 5;
const descriptions = 3;

const documents: Record<Kind, (key: string, place: Place) => Asked> = {
  team: (key, { organizationId }) => ({
    query: 'mutation Write($input: CreateTeamInput!) { createTeam(input: $input) { team { id } } }',
    variables: { input: { organizationId, name: key } },
  }),
  invitation: (key, { organizationId }) => ({
    query: 'mutation Write($input: InviteMemberInput!) { inviteMember(input: $input) { invitation { id } } }',
    variables: { input: { organizationId, email: `${key}@example.com`, role: 'member' } },
  }),
  description: (key, { organizationId, teamId }) => ({
    query: 'mutation Write($input: UpdateTeamInput!) { updateTeam(input: $input) { team { id } } }',
    variables: { input: { organizationId, teamId, description: key } },
  }),
};

/**
 * Clients that write all the time, each write with an Idempotency-Key of its own. Without an answer, or with one that says
 * that the service has a fault, they send the same again. What was acknowledged is appended to a file before it counts.
 */
export class Writers {
  readonly logFile: string;
  /** How many writes were acknowledged, how often one was sent again, and what was refused that never should be. */
  acknowledged = 0;
  again = 0;
  readonly refused: string[] = [];
  readonly #urls: readonly string[];
  #account!: Account;
  #places: Place[] = [];
  #running: Promise<void>[] = [];
  #stopping = false;
  #turn = 0;
  /** When the last of the acknowledged writes was sent. */
  #lastSentAt = 0;

  constructor(logFile: string, urls: readonly string[]) {
    this.logFile = logFile;
    this.#urls = urls;
    writeFileSync(logFile, '');
  }

  /** To be called before the first write, and again and again, because access tokens live ten minutes. */
  async signIn(): Promise<void> {
    const url = this.#urls[0]!;
    if (this.#account) {
      this.#account = await signIn(url, this.#account.email);
      return;
    }
    this.#account = await register(url);
    for (let index = 0; index < places; index += 1) this.#places.push(await found(url, this.#account));
  }

  get accessToken(): string {
    return this.#account.accessToken;
  }

  get organizationId(): string {
    return this.#places[0]!.organizationId;
  }

  start(): void {
    this.#stopping = false;
    this.#running = Array.from({ length: loops }, (_, index) => this.#write(this.#places[index % places]!));
  }

  /** Returns when every write that was begun has an answer. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#running);
  }

  /** Returns when so many writes have been acknowledged in all. */
  async reach(count: number): Promise<void> {
    while (this.acknowledged < count) await sleep(10);
  }

  /** Returns when a write has been acknowledged that was sent after this moment. */
  async acknowledgedSince(moment: number): Promise<void> {
    while (this.#lastSentAt < moment) await sleep(5);
  }

  async #write(place: Place): Promise<void> {
    for (let count = 1; !this.#stopping; count += 1) {
      const kind = kindOf(count);
      const key = `${kind}-${randomUUID()}`;
      if (!(await this.#settle(documents[kind](key, place), key))) continue;
      appendFileSync(this.logFile, `${kind} ${key}\n`);
      this.acknowledged += 1;
    }
  }

  /** Sends the same until it has an answer that counts. Whether that is an acknowledgement. */
  async #settle(asked: Asked, key: string): Promise<boolean> {
    for (let attempt = 1; ; attempt += 1) {
      const sentAt = performance.now();
      const answer = await ask(this.#nextUrl(), asked, this.#headers(key)).catch(() => undefined);
      if (answer && !isFault(answer)) {
        if (answer.status === 200 && !answer.errors) {
          this.#lastSentAt = Math.max(this.#lastSentAt, sentAt);
          return true;
        }
        this.refused.push(`${answer.status} ${JSON.stringify(answer.errors)} to ${key}, sent ${attempt} times`);
        return false;
      }
      this.again += 1;
      await sleep(Math.min(20 * attempt, 200));
    }
  }

  #headers(key: string): Record<string, string> {
    return { ...bearing(this.#account.accessToken), 'idempotency-key': `"${key}"` };
  }

  #nextUrl(): string {
    this.#turn += 1;
    return this.#urls[this.#turn % this.#urls.length]!;
  }
}

function kindOf(count: number): Kind {
  const place = count % 20;
  if (place < invitations) return 'invitation';
  return place < invitations + descriptions ? 'description' : 'team';
}

/** Whether it says nothing about what was asked, only that something is broken, or that the same is still under way. */
function isFault({ status, data, errors }: Answered): boolean {
  if (!errors && data === undefined) return true;
  const { code, reason } = errors?.[0]?.extensions ?? {};
  if (reason === 'IDEMPOTENCY_KEY_IN_USE') return true;
  return status >= 500 || code === 'INTERNAL_SERVER_ERROR' || code === 'SERVICE_UNAVAILABLE';
}
