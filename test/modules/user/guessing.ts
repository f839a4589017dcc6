import { createHash, randomInt } from 'node:crypto';
import type { Gateway } from '../../../src/gateway.js';
import { documentLimits } from '../../../src/graphql/document-limits.js';
import { type Answer, codeOf, send } from '../../support/client.js';

export const from = (ip: string) => ({ 'x-forwarded-for': ip });

/** An address of a network that nobody else comes from. */
export function anIpv6(): string {
  const part = () => randomInt(0x1_0000).toString(16);
  return `2001:db8:${part()}:${part()}::1`;
}

export const anIpv4 = () => ['10', ...[0, 0, 0].map(() => randomInt(1, 255))].join('.');

/** How often each code was answered, that of success being OK. */
export function tally(answers: Answer<unknown>[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const answer of answers) {
    const code = codeOf(answer) ?? 'OK';
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}

/** Asks for so many invitations by secrets that nobody has, as many in one document as it may have. */
export async function guessInvitations({ url }: Gateway, headers: Record<string, string>, guesses: number) {
  const aliases = Array.from(
    { length: guesses },
    (_, index) => `a${index}: invitationByToken(token: "${'x'.repeat(30)}${randomInt(2 ** 40)}") { email }`,
  );
  const answers = [];
  while (aliases.length > 0) {
    const document = `{ ${aliases.splice(0, documentLimits.rootFields).join(' ')} }`;
    answers.push(await send(url, document, {}, headers));
  }
  return answers;
}

/** Lets the time run out in which the attempts on an account are counted together. */
export async function letTimePass({ services }: Gateway, kind: string, account: string): Promise<void> {
  const digest = createHash('sha256').update(account.toLowerCase()).digest('base64url');
  const key = `${kind}-account:${digest}`;
  const { count } = await services.db.prisma.rateLimit.updateMany({ where: { key }, data: { expire: Date.now() - 1 } });
  if (count !== 1) throw new Error(`Nothing is counted as ${key}.`);
}
