import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { codeOf } from '../support/client.js';
import { useGateway } from '../support/gateway.js';
import { aPerson, write } from '../support/world.js';
import { expectRefused, me, type Part } from './forging.js';
import { anIdentity, aSubject, useIssuer } from './issuer.js';

const issuer = useIssuer();
const other = useIssuer();
const gateway = useGateway({ externalIssuer: issuer.config });

const identitiesOf = ({ sub }: { sub: string }) =>
  gateway().services.db.prisma.externalIdentity.findMany({ where: { subject: sub } });

async function refusedAsNobody(claims: Part & { sub: string; email: string }): Promise<void> {
  const answer = await me(gateway(), await issuer.token(claims));
  expect(codeOf(answer)).toBe('UNAUTHENTICATED');
  expect(answer.status).toBe(401);
  expect(await identitiesOf(claims)).toEqual([]);
}

describe('a token of somebody who was never here', () => {
  it.each<[string, Part]>([
    ['false', { email_verified: false }],
    ['absent', { email_verified: undefined }],
    ['the text “false”', { email_verified: 'false' }],
    ['a number', { email_verified: 1 }],
    ['null', { email_verified: null }],
    ['a list', { email_verified: [true] }],
    ['an empty text', { email_verified: '' }],
    ['another spelling of true', { email_verified: 'TRUE' }],
    ['of no address', { email: undefined }],
    ['of an empty address', { email: '' }],
    ['of something else than an address', { email: 'ada' }],
    ['of two addresses', { email: 'ada@example.com@example.org' }],
    ['of an address with a line break', { email: 'ada@example.com\nbcc: eve@example.com' }],
    ['of an address with NUL', { email: 'ada\0@example.com' }],
    ['of an address in other letters', { email: 'аda@example.com' }],
    ['of an address that is too long', { email: `${'a'.repeat(65)}@example.com` }],
  ])('is refused while the verification of the address is %s, and leaves nothing behind', async (_, claims) => {
    const name = `Nobody ${randomUUID()}`;
    await refusedAsNobody(aSubject({ name, ...claims }));
    expect(await gateway().services.db.prisma.user.count({ where: { fullName: name } })).toBe(0);
  });
});

describe('a token with the address of an account', () => {
  it('is of nobody while the issuer has not verified it', async () => {
    const person = await aPerson(gateway(), { emailVerifiedAt: new Date() });
    await refusedAsNobody(aSubject({ email: person.user.email, email_verified: false }));
    expect((await me(gateway(), person.accessToken)).data.me).toEqual({ id: person.user.id });
  });

  it('is of nobody if that account is suspended', async () => {
    const subject = aSubject();
    await aPerson(gateway(), { email: subject.email, emailVerifiedAt: new Date(), status: 'SUSPENDED' });
    await refusedAsNobody(subject);
    await refusedAsNobody({ ...subject, email: subject.email.toUpperCase() });
  });
});

describe('a user who is known already', () => {
  it.each(['SUSPENDED', 'DELETED'] as const)('is refused while %s, and nothing new is made', async (status) => {
    const { user, subject } = await anIdentity(gateway(), issuer);
    const { id } = user;
    await write(gateway(), (set) => set.update('users', { id, status }));
    await expectRefusedHere(await issuer.token(subject));
    expect(await gateway().services.db.prisma.user.findMany({ where: { email: subject.email } })).toHaveLength(1);
    await write(gateway(), (set) => set.update('users', { id, status: 'ACTIVE' }));
    expect((await me(gateway(), await issuer.token(subject))).data.me).toEqual({ id });
  });

  async function expectRefusedHere(token: string): Promise<void> {
    const answer = await me(gateway(), token);
    expect(codeOf(answer)).toBe('UNAUTHENTICATED');
    expect(answer.status).toBe(401);
  }
});

describe('the same subject of another issuer', () => {
  it('is refused where that issuer is not trusted', async () => {
    const { subject } = await anIdentity(gateway(), issuer);
    await expectRefused(gateway(), await other.token(subject));
    await expectRefused(gateway(), await other.token({ ...subject, iss: issuer.config.issuer }));
  });
});

describe('a subject', () => {
  it.each([7, true, [7], ['x'], {}, { sub: 'x' }])('that is %j, and no text, is refused', async (sub) => {
    await expectRefused(gateway(), await issuer.token(aSubject({ sub })));
  });
});
