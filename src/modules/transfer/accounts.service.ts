import { conflictOf } from '../../auth/conflicts.js';
import type { Plans } from '../../auth/plans.js';
import type { RequestFacts } from '../../auth/scope.js';
import { conflict } from '../../platform/errors.js';
import type { Run } from '../../platform/sql.js';
import { Writes } from '../../platform/writes.js';
import { newUser, writeAccount } from '../user/user.service.js';
import { wrongLine } from './file-lines.js';
import { measure } from './staging.js';

/** What became of the people in a file. */
export interface Accounts {
  /** Accounts that are new. Nobody has proven their addresses. */
  made: number;
  /** Accounts that were there and become members. */
  found: number;
  /** New accounts whose username is taken here, so that they have none. */
  withoutUsername: number;
}

interface Incomer {
  id: string;
  email: string;
  username: string | null;
  fullName: string;
  avatarUrl: string | null;
  timezone: string;
  status: 'ACTIVE' | 'SUSPENDED';
  passwordHash: string | null;
  line: string;
}

const accountsAtOnce = 200;

/** Rows `u` of users into which nobody can have let themselves who does not own the address. */
const isTrusted = `(u.email_verified_at IS NOT NULL OR (u.password_hash IS NULL
  AND NOT EXISTS (SELECT FROM sessions s WHERE s.user_id = u.id)
  AND NOT EXISTS (SELECT FROM external_identities e WHERE e.user_id = u.id)))`;

/** Joins the account that an address `i.body ->> 'email'` has here. */
const accountOfAddress = `JOIN users u ON lower(u.email) = lower(i.body ->> 'email')
  AND u.duplicate_of_id IS NULL AND u.status <> 'DELETED'`;

/**
 * Finds the accounts that the people in a file have here, by their addresses, and makes those of members that are missing, as
 * signing up would. Whoever is not a member gets no account that anybody could use: only a name for what was.
 *
 * Nothing of an account that is there changes.
 *
 * @throws {DomainError} BAD_USER_INPUT for two members with one address.
 * @throws {DomainError} CONFLICT with UNPROVEN_ADDRESS for an account whose address nobody has proven: it may be somebody else's.
 */
export async function settleAccounts(
  run: Run,
  scope: { request: RequestFacts; plans: Plans },
  given: { trustUnproven: boolean },
): Promise<Accounts> {
  await measure(run);
  await assertOneEach(run);
  if (!given.trustUnproven) await assertProven(run);
  const trusted = given.trustUnproven ? 'true' : isTrusted;
  await run(
    `UPDATE incoming i SET here = found.user_id, body = i.body || '{"is_here": true}' FROM (
       SELECT i.id, u.id AS user_id FROM incoming i ${accountOfAddress} WHERE i.type = 'user' AND ${trusted}
     ) found WHERE i.type = 'user' AND i.id = found.id`,
    [],
  );
  await run(
    `UPDATE incoming i SET here = (left(i.id::text, 15) || substr(gen_random_uuid()::text, 16))::uuid
     WHERE i.type = 'user' AND NOT i.body ? 'is_here' AND EXISTS (SELECT FROM users u WHERE u.id = i.id)`,
    [],
  );
  await run(
    `INSERT INTO users (id, email, full_name, status)
     SELECT i.here, i.body ->> 'email', i.body ->> 'full_name', 'DELETED' FROM incoming i
     WHERE i.type = 'user' AND i.body ? 'is_person' AND NOT i.body ? 'is_here'`,
    [],
  );
  const [counted] = await run<{ found: number }>(
    `SELECT count(*)::int AS found FROM incoming i WHERE i.type = 'user' AND i.body ? 'is_here' AND NOT i.body ? 'is_person'`,
    [],
  );
  return { found: counted!.found, ...(await makeAccounts(run, scope)) };
}

async function assertOneEach(run: Run): Promise<void> {
  const [second] = await run<{ line: string }>(
    `SELECT line FROM (
       SELECT i.line, row_number() OVER (PARTITION BY lower(i.body ->> 'email') ORDER BY i.line) AS nth
       FROM incoming i WHERE i.type = 'user' AND NOT i.body ? 'is_person'
     ) numbered WHERE nth > 1 ORDER BY line LIMIT 1`,
    [],
  );
  if (second) throw wrongLine(second.line, 'is that of another user', 'email');
}

async function assertProven(run: Run): Promise<void> {
  const unproven = await run<{ line: string; email: string }>(
    `SELECT i.line, u.email FROM incoming i ${accountOfAddress}
     WHERE i.type = 'user' AND NOT i.body ? 'is_person' AND NOT ${isTrusted} ORDER BY i.line LIMIT 5`,
    [],
  );
  const [first, ...more] = unproven;
  if (!first) return;
  const others = more.length > 0 ? `, as have ${more.map(({ email }) => email).join(', ')}` : '';
  throw conflict(
    'UNPROVEN_ADDRESS',
    `line ${first.line}, email: ${first.email} has an account here whose address nobody has proven${others}: anybody may have ` +
      'made it. Let its owner verify the address first, or import with --trust-unverified.',
  );
}

async function makeAccounts(run: Run, scope: { request: RequestFacts; plans: Plans }) {
  let [made, withoutUsername, after] = [0, 0, '0'];
  for (;;) {
    const incomers = await run<Incomer>(
      `SELECT i.here AS id, i.line, p.email, p.username, p.full_name AS "fullName", p.avatar_url AS "avatarUrl", p.timezone,
         p.status, p.password_hash AS "passwordHash"
       FROM incoming i CROSS JOIN LATERAL jsonb_populate_record(NULL::users, i.body) p
       WHERE i.type = 'user' AND NOT i.body ? 'is_person' AND NOT i.body ? 'is_here' AND i.line > $1::bigint
       ORDER BY i.line LIMIT ${accountsAtOnce}`,
      [after],
    );
    if (incomers.length === 0) return { made, withoutUsername };
    const taken = await takenUsernames(run, incomers);
    const writes = new Writes();
    for (const { line, username, avatarUrl, timezone, status, id, ...incomer } of incomers) {
      const isTaken = username !== null && taken.has(username.toLowerCase());
      if (isTaken) withoutUsername += 1;
      if (username) taken.add(username.toLowerCase());
      const account = newUser({ ...incomer, username: isTaken ? null : username });
      writeAccount(scope, writes, { ...account, id, avatarUrl, timezone, status });
      after = line;
    }
    await writes.commit(run).catch((error) => {
      throw conflictOf(error);
    });
    made += incomers.length;
  }
}

async function takenUsernames(run: Run, incomers: readonly Incomer[]): Promise<Set<string>> {
  const wanted = incomers.flatMap(({ username }) => (username ? [username.toLowerCase()] : []));
  const rows = await run<{ username: string }>(
    'SELECT lower(username) AS username FROM users WHERE lower(username) = ANY($1::text[])',
    [wanted],
  );
  return new Set(rows.map(({ username }) => username));
}
