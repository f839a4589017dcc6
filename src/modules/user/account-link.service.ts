import type { Services } from '../../auth/scope.js';
import type { UserRow } from '../../auth/standing.js';
import type { AccountTokenPurpose } from '../../generated/prisma/enums.js';
import { type Mail, mailJob } from '../../platform/mail.js';
import type { Job } from '../../platform/outbox.js';
import { hashSecret, newSecret } from '../../platform/secret.js';
import { Writes } from '../../platform/writes.js';
import { addressInUseMail, newAddressMail, newOwnerMail, resetMail, verificationMail } from './account.mail.js';
import { accountById, type UserAccount, userByEmail } from './user.loader.js';

/** For what a link is asked, and of whom. */
export type LinkRequest =
  | { purpose: 'VERIFY_EMAIL'; userId: string }
  | { purpose: 'RESET_PASSWORD'; email: string }
  | { purpose: 'SET_PASSWORD'; userId: string; organizationName: string }
  | { purpose: 'CHANGE_EMAIL'; userId: string; email: string };

const hourMs = 3_600_000;

/** How long a link works. */
const lifetimeMs: Record<AccountTokenPurpose, number> = {
  VERIFY_EMAIL: 24 * hourMs,
  RESET_PASSWORD: hourMs,
  SET_PASSWORD: 7 * 24 * hourMs,
  CHANGE_EMAIL: 24 * hourMs,
};

const pages: Record<AccountTokenPurpose, string> = {
  VERIFY_EMAIL: 'verify-email',
  RESET_PASSWORD: 'reset-password',
  SET_PASSWORD: 'reset-password',
  CHANGE_EMAIL: 'verify-email',
};

export const accountLinkTask = 'send_account_link';

/** A pause that nobody can foresee, so that the work of the job cannot be told from the answers to requests beside it. */
const longestPauseMs = 1_000;

/**
 * The job that mails a link. Whether there is an account at all is found out by the worker, so what asks for the link takes
 * the same time either way.
 */
export function accountLinkJob(request: LinkRequest): Job {
  const pause = request.purpose === 'RESET_PASSWORD' ? Math.random() * longestPauseMs : 0;
  return { task: accountLinkTask, payload: request, ...(pause && { runAt: new Date(Date.now() + pause) }) };
}

/** Mails the link, or tells the owner of an address that it was about to be used once more. */
export async function sendAccountLink(services: Services, request: LinkRequest): Promise<void> {
  const account = await accountFor(services, request);
  if (account?.status !== 'ACTIVE') return;
  const writes = new Writes();
  const mail = (await isTaken(services, request, account))
    ? addressInUseMail({ to: addressOf(request, account) })
    : newLink(services, writes, request, account);
  if (!mail) return;
  writes.enqueue(await mailJob(services.seal, mail));
  await writes.commit(services.db.write);
}

async function accountFor({ db }: Services, request: LinkRequest): Promise<UserAccount | UserRow | undefined> {
  const [account] =
    request.purpose === 'RESET_PASSWORD'
      ? await db.batcher.load(userByEmail, [request.email])
      : await db.batcher.load(accountById, [request.userId]);
  return account;
}

/** Whether the address that is to be proven belongs to another account. */
async function isTaken({ db }: Services, request: LinkRequest, account: UserAccount | UserRow): Promise<boolean> {
  if (request.purpose === 'VERIFY_EMAIL') return 'duplicateOfId' in account && account.duplicateOfId !== null;
  if (request.purpose !== 'CHANGE_EMAIL') return false;
  const [owner] = await db.batcher.load(userByEmail, [request.email]);
  return owner !== undefined && owner.id !== account.id;
}

function addressOf(request: LinkRequest, account: UserRow): string {
  return request.purpose === 'CHANGE_EMAIL' ? request.email : account.email;
}

function newLink({ appUrl }: Services, writes: Writes, request: LinkRequest, account: UserRow): Mail | null {
  const { purpose } = request;
  if (purpose === 'VERIFY_EMAIL' && account.emailVerifiedAt) return null;
  const token = newSecret();
  const to = addressOf(request, account);
  const until = new Date(Date.now() + lifetimeMs[purpose]);
  const row = { hash: hashSecret(token), userId: account.id, purpose, email: to, expiresAt: until };
  writes.insert('account_tokens', row);
  const link = { to, url: `${appUrl}/${pages[purpose]}/${token}`, until };
  switch (purpose) {
    case 'VERIFY_EMAIL':
      return verificationMail(link);
    case 'RESET_PASSWORD':
      return resetMail(link);
    case 'SET_PASSWORD':
      return newOwnerMail({ ...link, organizationName: request.organizationName });
    case 'CHANGE_EMAIL':
      return newAddressMail(link);
  }
}
