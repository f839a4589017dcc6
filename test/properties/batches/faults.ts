import fc from 'fast-check';
import pg from 'pg';

/**
 * What goes wrong while a batch is in flight.
 *
 * - `none`: nothing, but the database is slow.
 * - `shared`: the first statements that several callers share are refused once. All of it can be healed.
 * - `any`: some statements are refused, whoever they belong to.
 * - `caller`: whatever one credential takes part in is refused, as often as it is sent.
 */
export interface Plan {
  kind: 'none' | 'shared' | 'any' | 'caller';
  code: '22P02' | '40001';
  /** Whether PostgreSQL answers a statement before it is refused. */
  isLate: boolean;
  /** Which statements are refused: of those that are shared, or of all. */
  refused: number[];
  /** Whose statements are refused, among all who ask. */
  victim: number;
  /** How long the answers of which statements are held back, in milliseconds. */
  held: { nth: number; ms: number }[];
}

export const anyPlan: fc.Arbitrary<Plan> = fc.record({
  kind: fc.constantFrom('none', 'shared', 'shared', 'any', 'caller'),
  code: fc.constantFrom('22P02', '40001'),
  isLate: fc.boolean(),
  refused: fc.uniqueArray(fc.nat(30), { minLength: 1, maxLength: 4 }),
  victim: fc.nat(),
  held: fc.array(fc.record({ nth: fc.nat(60), ms: fc.integer({ min: 1, max: 30 }) }), { maxLength: 12 }),
});

/** The first statements wait until all requests have arrived, so that these share the next ones. */
const firstHeld = 3;
const firstHeldMs = 40;

export interface Seen {
  /** How many statements were sent that read. */
  statements: number;
  /** How many of them carried the credentials of several callers. */
  shared: number;
  /** How many were refused. */
  refused: number;
}

/** A prepared statement, as pg is handed it and calls it. */
interface Prepared {
  text: string;
  values: unknown[];
  submit: unknown;
  handleError(error: Error): void;
  handleReadyForQuery(): void;
}

/** Lets the database be as planned while something happens; nothing that writes is touched. */
export async function whileDatabaseIs<Result>(
  plan: Plan | null,
  credentials: readonly string[],
  work: () => Promise<Result>,
): Promise<{ result: Result; seen: Seen }> {
  const seen: Seen = { statements: 0, shared: 0, refused: 0 };
  const victim = credentials[(plan?.victim ?? 0) % credentials.length]!;
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function disturbed(this: pg.Client, ...args: unknown[]) {
    const go = () => (query as (...rest: unknown[]) => unknown).apply(this, args);
    const statement = args[0] as Prepared;
    // All reads of the gateway are prepared.
    if (!('submit' in statement) || !reads(statement.text)) return go();
    const carried = textOf(statement.values);
    const callers = credentials.filter((credential) => carried.includes(credential));
    const nth = seen.statements++;
    const isShared = callers.length > 1;
    const isRefused =
      (plan?.kind === 'shared' && isShared && plan.refused.some((each) => each % 4 === seen.shared)) ||
      (plan?.kind === 'any' && plan.refused.includes(nth)) ||
      (plan?.kind === 'caller' && callers.includes(victim));
    if (isShared) seen.shared += 1;
    if (isRefused) seen.refused += 1;
    if (!plan) return go();
    const ms = nth < firstHeld ? firstHeldMs : (plan.held.find((hold) => hold.nth === nth)?.ms ?? 0);
    if (isRefused && !plan.isLate) {
      setTimeout(() => statement.handleError(refusal(plan.code)), ms);
      return statement;
    }
    const { handleReadyForQuery } = statement;
    statement.handleReadyForQuery = () => {
      setTimeout(
        () => (isRefused ? statement.handleError(refusal(plan.code)) : handleReadyForQuery.call(statement)),
        ms,
      );
    };
    return go();
  } as typeof query;
  try {
    return { result: await work(), seen };
  } finally {
    pg.Client.prototype.query = query;
  }
}

/** Whether a statement does nothing but read: refusals and last uses of keys are recorded by others. */
function reads(text: string): boolean {
  return !/\b(INSERT|UPDATE|DELETE|BEGIN|COMMIT|ROLLBACK|SET|LISTEN|graphile_worker)\b/i.test(text);
}

/** The values of a statement as text, in which credentials can be found. */
function textOf(values: unknown[]): string {
  return JSON.stringify(values, (_, value: unknown) =>
    isBytes(value) ? Buffer.from(value.data).toString('hex') : value,
  );
}

/** A buffer, as JSON writes it. */
function isBytes(value: unknown): value is { data: number[] } {
  return typeof value === 'object' && value !== null && (value as { type?: unknown }).type === 'Buffer';
}

function refusal(code: string): Error {
  return Object.assign(new pg.DatabaseError('refused by the test', 0, 'error'), { code });
}
