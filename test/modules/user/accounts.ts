import { randomUUID } from 'node:crypto';
import { vi } from 'vitest';
import type { Gateway } from '../../../src/gateway.js';
import { type Answer, codeOf, send } from '../../support/client.js';
import { write } from '../../support/world.js';
import { mailTo } from '../mailbox.js';

export interface Session {
  accessToken: string;
  refreshToken: string;
}

interface SignedIn {
  session: Session;
  user: { id: string; email: string; emailVerified: boolean };
}

/** Somebody who has signed up. */
export interface Account extends SignedIn {
  email: string;
  password: string;
  organization: { id: string };
}

const session = 'session { accessToken refreshToken tokenType expiresAt }';
const user = 'user { id email username fullName status isSuperAdmin emailVerified }';
const registered = `${session} ${user}
  organization { id name isPersonal memberCount viewerRole { key } } workspace { name slug isDefault }`;

const mutation = (field: string, input: string, payload: string) =>
  `mutation ($input: ${input}!) { ${field}(input: $input) { ${payload} } }`;

const documents = {
  register: mutation('register', 'RegisterInput', registered),
  login: mutation('login', 'LoginInput', `${session} ${user}`),
  refreshSession: mutation('refreshSession', 'RefreshSessionInput', session),
  changePassword: mutation('changePassword', 'ChangePasswordInput', session),
  requestPasswordReset: mutation('requestPasswordReset', 'RequestPasswordResetInput', 'ok'),
  resetPassword: mutation('resetPassword', 'ResetPasswordInput', `${session} ${user}`),
  verifyEmail: mutation('verifyEmail', 'VerifyEmailInput', user),
  requestEmailChange: mutation('requestEmailChange', 'RequestEmailChangeInput', 'ok'),
  createApiKey: mutation('createApiKey', 'CreateApiKeyInput', 'secret'),
};

export const anAddress = () => `${randomUUID()}@example.com`;

export const goodPassword = 'correct horse battery';

export const as = ({ accessToken }: Session) => ({ authorization: `Bearer ${accessToken}` });

type Headers = Record<string, string>;

/** A session's access token, or any other header that says who one is. */
const credential = (by: Session | Headers): Headers => ('accessToken' in by ? as(by as Session) : by);

/** What people do about their accounts, each time from another network unless the headers say. */
export function accountsOf(gateway: () => Gateway) {
  function call<Data>(field: keyof typeof documents, input: object, headers: Headers = {}) {
    return send<Record<string, Data>, object>(gateway().url, documents[field], { input }, headers) as Promise<
      Answer<Record<typeof field, Data>>
    >;
  }

  const people = {
    register: (input: { email: string; password?: string; fullName?: string; username?: string }, headers?: Headers) =>
      call<Omit<Account, 'email' | 'password'> & { workspace: object }>(
        'register',
        { password: goodPassword, fullName: 'Ada Lovelace', ...input },
        headers,
      ),
    login: (email: string, password = goodPassword, headers?: Headers) =>
      call<SignedIn>('login', { email, password }, headers),
    refresh: ({ refreshToken }: Session) => call<{ session: Session }>('refreshSession', { refreshToken }),
    changePassword: (by: Session | Headers, currentPassword: string, newPassword: string) =>
      call<{ session: Session }>('changePassword', { currentPassword, newPassword }, credential(by)),
    requestReset: (email: string, headers?: Headers) =>
      call<{ ok: boolean }>('requestPasswordReset', { email }, headers),
    resetPassword: (token: string, newPassword: string) => call<SignedIn>('resetPassword', { token, newPassword }),
    verifyEmail: (token: string, by?: Session) => call<Pick<SignedIn, 'user'>>('verifyEmail', { token }, by && as(by)),
    requestVerification: (by: Session) =>
      send(gateway().url, 'mutation { requestEmailVerification { ok } }', {}, as(by)),
    requestEmailChange: (by: Session | Headers, newEmail: string, currentPassword = goodPassword) =>
      call<{ ok: boolean }>('requestEmailChange', { newEmail, currentPassword }, credential(by)),
    me: (headers: Headers) =>
      send<{ me: { id: string; email: string; emailVerified: boolean } }, object>(
        gateway().url,
        '{ me { id email emailVerified } }',
        {},
        headers,
      ),

    /** Somebody who has signed up, with an address of their own unless told otherwise. */
    async signUp(given: { email?: string; password?: string } = {}): Promise<Account> {
      const { email = anAddress(), password = goodPassword } = given;
      const { data } = await people.register({ email, password });
      return { email, password, ...data.register };
    },

    /** The same, whose address is proven; the link that was mailed for it is still to be used. */
    async aVerified(given: { email?: string; password?: string } = {}): Promise<Account> {
      const account = await people.signUp(given);
      await linkTo('verify-email', account.email);
      await write(gateway(), (set) => set.update('users', { id: account.user.id, emailVerifiedAt: new Date() }));
      return account;
    },

    /** An API key for the personal organization of the account. */
    async anApiKey({ session: by, organization }: Account): Promise<Headers> {
      const input = { organizationId: organization.id, name: 'Script', scopes: ['organizations:write'] };
      const { data } = await call<{ secret: string }>('createApiKey', input, as(by));
      return { 'x-api-key': data.createApiKey.secret };
    },

    /** What the gateway says to each token of a session; nothing if it takes the token. */
    async refusals(of: Session): Promise<(string | undefined)[]> {
      return [codeOf(await people.me(as(of))), codeOf(await people.refresh(of))];
    },
  };
  return people;
}

export const bothRefused = ['UNAUTHENTICATED', 'UNAUTHENTICATED'];
export const neitherRefused = [undefined, undefined];

/** The secret in the newest link to a page that was mailed to an address, after so many of them. */
export function linkTo(page: 'verify-email' | 'reset-password', address: string, links = 1): Promise<string> {
  const pattern = new RegExp(`/${page}/([\\w-]{43})\\b`);
  return vi.waitFor(
    async () => {
      const secrets = (await mailTo(address, 0)).flatMap(({ text }) => pattern.exec(text)?.[1] ?? []);
      if (secrets.length < links) throw new Error(`Only ${secrets.length} links to ${page} have come for ${address}.`);
      return secrets.at(-1)!;
    },
    { timeout: 10_000, interval: 20 },
  );
}

/** The subjects of all that has been mailed to an address, once nothing is left to do that was begun before. */
export async function subjectsTo(gateway: Gateway, address: string): Promise<string[]> {
  // The job that finds out what to mail enqueues another one that sends it.
  for (let round = 0; round < 2; round += 1) await jobsDone(gateway);
  return (await mailTo(address, 0)).map(({ subject }) => subject);
}

/** Waits for all jobs there are, but for what the gateway of another file held when it was stopped. */
async function jobsDone({ services: { db } }: Gateway): Promise<void> {
  const count = 'SELECT count(*)::int AS left, coalesce(max(id), 0)::text AS last FROM graphile_worker._private_jobs';
  const here = `id <= $1::bigint AND coalesce(locked_at, now()) > now() - interval '2 seconds'`;
  const [enqueued] = await db.run<{ last: string }>(count, []);
  await vi.waitFor(
    async () => {
      const [jobs] = await db.run<{ left: number }>(`${count} WHERE ${here}`, [enqueued!.last]);
      if (jobs!.left > 0) throw new Error(`${jobs!.left} jobs are left to do.`);
    },
    { timeout: 10_000, interval: 20 },
  );
}

/** The row of a user, with what no answer shows. */
export function rowOf({ services }: Gateway, { id }: { id: string }) {
  return services.db.prisma.user.findUniqueOrThrow({ where: { id } });
}
