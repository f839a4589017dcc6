import { type Database, type RequestTransaction, sqlState } from '../platform/database.js';
import { badInput, conflict } from '../platform/errors.js';
import { Reads } from '../platform/reads.js';
import type { Run } from '../platform/sql.js';
import { type Scope, standingIn } from './scope.js';

/** How long an answer is kept. */
const hoursKept = 24;

const lockTimeout = '55P03';

/** What a client asks for, as far as its repetition has to ask for the same. */
export interface AskedFor {
  document: string;
  operationName: string | null;
  variables: Readonly<Record<string, unknown>>;
}

/** A key that is this request's until its transaction ends, in which everything that the request does has to happen. */
export interface Claim {
  /** The request's scope inside of the transaction. */
  readonly scope: Pick<Scope, 'db' | 'reads'>;
  /** Makes everything last, with the answer for whoever repeats the request. */
  keep(answer: string): Promise<void>;
  /** Makes everything last but the claim, so that the request can be made again. */
  withdraw(): Promise<void>;
  /** Undoes everything, if it has not been made to last. */
  undo(): Promise<void>;
}

/**
 * Claims a key for the request of a caller, or finds what was answered to it before. Of two at once the second waits for what
 * becomes of the first.
 *
 * @throws {DomainError} UNAUTHENTICATED for a credential that does not stand any more.
 * @throws {DomainError} CONFLICT with IDEMPOTENCY_KEY_REUSED if the key came with another input before, and with
 *   IDEMPOTENCY_KEY_IN_USE if the first is still under way after the time that one waits for a lock.
 */
export async function claimKey(scope: Scope, key: string, asked: AskedFor): Promise<Claim | { answer: string }> {
  const { seal } = scope;
  const input = seal.digest(`idempotency input\n${inCanonicalOrder([asked, scope.currentOrganizationId])}`);
  const place = [
    seal.digest(`idempotency caller\n${await callerOf(scope, input)}`),
    seal.digest(`idempotency key\n${key}`),
  ];
  const transaction = await scope.db.begin();
  try {
    const sealed = await claimed(transaction.db.write, place, input);
    if (sealed === null) return claimIn(transaction, scope, place);
    // Waiting for the first may have taken a while.
    if (scope.principal.kind !== 'anonymous') await standingIn({ ...scope, ...scopeIn(transaction) });
    await transaction.rollback();
    return { answer: await seal.open(sealed) };
  } catch (error) {
    await transaction.rollback();
    throw error;
  }
}

/**
 * Whose key it is. Somebody who signs in anew stays the same person; nobody in particular is told by what is asked for, so
 * that a key tells nothing of what came with it.
 */
async function callerOf(scope: Scope, input: Uint8Array): Promise<string> {
  const { principal } = scope;
  if (principal.kind === 'anonymous') return `anonymous ${Buffer.from(input).toString('base64url')}`;
  const { user, apiKey } = await standingIn(scope);
  if (principal.kind === 'external') return `external ${JSON.stringify([principal.issuer, principal.subject])}`;
  return apiKey ? `apiKey ${apiKey.id}` : `user ${user.id}`;
}

/** Null if the key is the transaction's now, else the answer that was kept. */
async function claimed(run: Run, place: readonly Uint8Array[], input: Uint8Array): Promise<string | null> {
  const own = await run(
    `INSERT INTO idempotency_keys AS k (caller, key, input) VALUES ($1, $2, $3)
     ON CONFLICT (caller, key) DO UPDATE SET input = excluded.input, answer = NULL, created_at = now()
       WHERE k.created_at < now() - make_interval(hours => ${hoursKept})
     RETURNING 1`,
    [...place, input],
  ).catch((error) => {
    if (sqlState(error) !== lockTimeout) throw error;
    throw conflict('IDEMPOTENCY_KEY_IN_USE', 'The first request with this Idempotency-Key is still under way.');
  });
  if (own.length > 0) return null;
  const [kept] = await run<{ answer: string; isSame: boolean }>(
    'SELECT answer, input = $3 AS "isSame" FROM idempotency_keys WHERE caller = $1 AND key = $2',
    [...place, input],
  );
  // It was so old that it has just been deleted.
  if (!kept) return claimed(run, place, input);
  if (kept.isSame) return kept.answer;
  throw conflict('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was sent before, with another request.');
}

function claimIn(transaction: RequestTransaction, { seal }: Scope, place: readonly Uint8Array[]): Claim {
  const { db } = transaction;
  return {
    scope: scopeIn(transaction),
    undo: () => transaction.rollback(),
    async keep(answer) {
      await db.write('UPDATE idempotency_keys SET answer = $3 WHERE caller = $1 AND key = $2', [
        ...place,
        await seal.close(answer),
      ]);
      await transaction.commit();
    },
    async withdraw() {
      await db.write('DELETE FROM idempotency_keys WHERE caller = $1 AND key = $2', place);
      await transaction.commit();
    },
  };
}

function scopeIn({ db }: RequestTransaction): Pick<Scope, 'db' | 'reads'> {
  return { db, reads: new Reads(db.batcher) };
}

const mostAtOnce = 1_000;

/** Deletes what is too old to be answered, some at a time: they may be many. */
export async function forgetAnswers({ write }: Pick<Database, 'write'>): Promise<void> {
  for (let deleted = mostAtOnce; deleted === mostAtOnce; ) {
    const gone = await write(
      `DELETE FROM idempotency_keys WHERE ctid = ANY(ARRAY(
         SELECT ctid FROM idempotency_keys WHERE created_at < now() - make_interval(hours => ${hoursKept})
         ORDER BY created_at LIMIT ${mostAtOnce} FOR UPDATE SKIP LOCKED)) RETURNING 1`,
      [],
    );
    deleted = gone.length;
  }
}

/** JSON in which equal values are equal texts. */
function inCanonicalOrder(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}

/**
 * The key that a header has: 1 to 255 visible ASCII characters, as they are or as a string in quotes (RFC 8941, section 3.3.3).
 *
 * @throws {DomainError} BAD_USER_INPUT for anything else.
 */
export function idempotencyKey(header: string): string {
  const quoted = /^"((?:[\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/.exec(header)?.[1]?.replace(/\\(.)/g, '$1');
  const key = quoted ?? (/^[\x21\x23-\x7e]*$/.test(header) ? header : '');
  if (key.length >= 1 && key.length <= 255) return key;
  throw badInput({ path: 'Idempotency-Key', message: 'has to be 1 to 255 visible ASCII characters, without spaces' });
}
