import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { secretIn } from '../../src/platform/data-dir.js';
import { anIdentity, aSubject, useIssuer } from '../auth/issuer.js';
import { mailTo } from '../modules/mailbox.js';
import { type Answer, codeOf, send } from '../support/client.js';
import { useOwnGateway } from '../support/own-gateway.js';
import { aPerson, aWorld } from '../support/world.js';
import { canary, logInMemory } from './leak-search.js';
import { everyColumn, keepJobs, openedSeals, recordStatements, type Secret, secretsIn } from './secret-places.js';

const issuer = useIssuer();
const { log, lines } = logInMemory();
const gateway = useOwnGateway({ externalIssuer: issuer.config }, log);

/** Every secret of the journey, and every answer with the names of those that it was there to show. */
const secrets: Secret[] = [];
const answers: { document: string; text: string; shows: string[] }[] = [];
let sent: ReturnType<typeof recordStatements>;

function keep(name: string, value: string): string {
  secrets.push({ name: `${name} ${secrets.length}`, value });
  return value;
}

type Headers = Record<string, string>;
const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });

/** Sends a document. What an answer names `…Token` or `secret` it shows for the first and last time. */
async function ask(document: string, headers: Headers = {}, code?: string): Promise<Record<string, string>> {
  const answer: Answer<unknown> = await send(gateway().url, document, {}, headers);
  expect(codeOf(answer), JSON.stringify(answer)).toBe(code);
  const text = JSON.stringify(answer);
  const shown: Record<string, string> = {};
  const before = secrets.length;
  for (const [, name, value] of text.matchAll(/"(accessToken|refreshToken|token|secret|id)":"([^"]+)"/g)) {
    shown[name!] ??= value!;
    if (name !== 'id') keep(name!, value!);
  }
  answers.push({ document, text, shows: secrets.slice(before).map(({ name }) => name) });
  return shown;
}

const session = 'session { accessToken refreshToken }';
const aPassword = () => keep('password', canary());
const anAddress = () => `${randomBytes(9).toString('hex')}@example.com`;

/** The secret in the newest mail to an address, by the page that it leads to. */
async function mailed(page: string, email: string, least = 1): Promise<string> {
  const link = new RegExp(`/${page}/([\\w-]{43})`);
  const texts = (await mailTo(email, least)).map(({ text }) => text).filter((text) => link.test(text));
  return keep(`link to ${page}`, link.exec(texts.at(-1)!)![1]!);
}

async function accounts(): Promise<void> {
  const [email, password] = [anAddress(), aPassword()];
  const credentials = `email: "${email}", password: "${password}"`;
  const made = await ask(`mutation { register(input: { ${credentials}, fullName: "Ada" }) { ${session} } }`);
  const verification = await mailed('verify-email', email);
  const verify = (token: string) => `mutation { verifyEmail(input: { token: "${token}" }) { user { id } } }`;
  await ask(verify(verification), bearer(made.accessToken!));
  await ask(verify(verification), {}, 'NOT_FOUND');

  const first = await ask(`mutation { login(input: { ${credentials} }) { ${session} } }`);
  await ask(
    `mutation { login(input: { email: "${email}", password: "${aPassword()}" }) { user { id } } }`,
    {},
    'UNAUTHENTICATED',
  );
  const renewal = `mutation { refreshSession(input: { refreshToken: "${first.refreshToken}" }) { ${session} } }`;
  const second = await ask(renewal);
  await ask('{ me { id email } }', bearer(second.accessToken!));
  await ask(renewal, {}, 'UNAUTHENTICATED');
  await ask('{ me { id } }', bearer(second.accessToken!), 'UNAUTHENTICATED');

  const next = aPassword();
  const change = `currentPassword: "${password}", newPassword: "${next}"`;
  const changed = await ask(
    `mutation { changePassword(input: { ${change} }) { ${session} } }`,
    bearer(made.accessToken!),
  );
  const newEmail = anAddress();
  const move = `newEmail: "${newEmail}", currentPassword: "${next}"`;
  await ask(`mutation { requestEmailChange(input: { ${move} }) { ok } }`, bearer(changed.accessToken!));
  await ask(verify(await mailed('verify-email', newEmail)), bearer(changed.accessToken!));

  await ask(`mutation { requestPasswordReset(input: { email: "${newEmail}" }) { ok } }`);
  const token = await mailed('reset-password', newEmail, 2);
  await ask(`mutation { resetPassword(input: { token: "${token}", newPassword: "${aPassword()}" }) { ${session} } }`);
}

async function organizations(): Promise<void> {
  const { admin, organization } = await aWorld(gateway());
  keep('accessToken', admin.accessToken);
  keep('refreshToken', admin.refreshToken);
  const here = `organizationId: "${organization.id}"`;
  const chosen = await ask(
    `mutation { switchOrganization(input: { ${here} }) { ${session} } }`,
    bearer(admin.accessToken),
  );
  const signed = bearer(chosen.accessToken!);

  const scopes = 'scopes: ["organizations:write"]';
  const key = await ask(
    `mutation { createApiKey(input: { name: "Build", ${scopes} }) { secret apiKey { id } } }`,
    signed,
  );
  const withKey = { 'x-api-key': key.secret! };
  await ask('mutation { updateOrganization(input: { name: "Acme 2" }) { organization { name } } }', withKey);
  await ask('mutation { logout(input: {}) { ok } }', withKey, 'FORBIDDEN');

  const invited = await aPerson(gateway());
  await ask(
    `mutation { inviteMember(input: { email: "${invited.user.email}", role: "member" }) { invitation { id } } }`,
    signed,
  );
  const invitation = await mailed('invitations', invited.user.email);
  await ask(`{ invitationByToken(token: "${invitation}") { email status } }`);
  const accept = `mutation { acceptInvitation(input: { token: "${invitation}" }) { member { id } } }`;
  await ask(accept, bearer(keep('accessToken', invited.accessToken)));

  const [first, second] = [anAddress(), anAddress()];
  const list = [first, second].map((email) => `{ email: "${email}", role: "member" }`);
  const many = await ask(
    `mutation { inviteMembers(input: { invitations: [${list}] }) { results { invitation { id } } } }`,
    signed,
  );
  const decline = (token: string) => `mutation { declineInvitation(input: { token: "${token}" }) { __typename } }`;
  const replaced = await mailed('invitations', first);
  await gateway().services.db.run(`UPDATE invitations SET sent_at = now() - interval '1 hour' WHERE id = $1`, [
    many.id,
  ]);
  await ask(`mutation { resendInvitation(input: { invitationId: "${many.id}" }) { __typename } }`, signed);
  await ask(decline(replaced), {}, 'NOT_FOUND');
  await ask(decline(await mailed('invitations', first, 2)));
  const joining = `password: "${aPassword()}", invitationToken: "${await mailed('invitations', second)}"`;
  await ask(`mutation { register(input: { email: "${second}", fullName: "Ada", ${joining} }) { ${session} } }`);

  const superAdmin = await aPerson(gateway(), { isSuperAdmin: true });
  const owner = anAddress();
  const found = `name: "Engines", owner: { email: "${owner}", fullName: "Ada" }`;
  await ask(
    `mutation { createOrganization(input: { ${found} }) { organization { id } } }`,
    bearer(superAdmin.accessToken),
  );
  const token = await mailed('reset-password', owner);
  await ask(`mutation { resetPassword(input: { token: "${token}", newPassword: "${aPassword()}" }) { ${session} } }`);

  const all = `{ currentOrganization { name members { nodes { user { email } } } invitations { nodes { email status } }
    apiKeys { nodes { id name prefix } } auditEvents(first: 100) { nodes { action changes } } } }`;
  await ask(all, signed);
}

/** What a third party is given, and all that can be done with it. */
async function integrations(): Promise<void> {
  const { admin, organization } = await aWorld(gateway());
  const signed = bearer(keep('accessToken', admin.accessToken));
  const here = `organizationId: "${organization.id}"`;
  const grant = `${here}, audience: "https://partner.example", subject: "importer", scopes: ["teams.read"]`;
  const issue = `mutation { issueIntegrationToken(input: { ${grant}, claims: { plan: "x" } }) { token jti kid } }`;
  const first = (await ask(issue, signed)).token!;
  const verify = (token: string, audience = 'https://partner.example') =>
    `{ verifyIntegrationToken(input: { ${here}, token: "${token}", audience: "${audience}" }) { valid claims } }`;
  for (const token of [first, `${first}x`]) await ask(verify(token), signed);
  await ask(verify(first, 'another'), signed);
  await ask(verify(first), {}, 'UNAUTHENTICATED');
  const rotate = `mutation { rotateIntegrationToken(input: { ${here}, token: "${first}" }) { token } }`;
  const second = (await ask(rotate, signed)).token!;
  await ask(rotate, signed, 'CONFLICT');
  await ask(rotate.replace(first, `${first}x`), signed, 'BAD_USER_INPUT');
  const change = `mutation { rotateIntegrationKey(input: { ${here}, graceSeconds: 0 }) { integrationKey { kid } } }`;
  await ask(change, signed);
  const revoke = `mutation { revokeIntegrationToken(input: { ${here}, token: "TOKEN", reason: "Lost" }) {
    revocation { jti reason token { jti subject status } } } }`;
  for (const token of [first, second, (await ask(issue, signed)).token!])
    await ask(revoke.replace('TOKEN', token), signed);
  const all = `{ organization(id: "${organization.id}") { integrationJwks integrationKeys { kid fingerprint status }
    integrationTokens { nodes { jti subject status } } integrationTokenRevocations { nodes { jti reason } }
    auditEvents(first: 100) { nodes { action changes } } } }`;
  await ask(all, signed);
  const keySet = await fetch(`${gateway().url}/organizations/${organization.id}/.well-known/jwks.json`);
  answers.push({ document: 'the key set', text: await keySet.text(), shows: [] });
}

async function anotherIssuer(): Promise<void> {
  const { subject } = await anIdentity(gateway(), issuer);
  const now = Math.floor(Date.now() / 1000);
  const token = keep('external token', await issuer.token(subject));
  await ask('{ me { id } }', bearer(token));
  const expired = keep('external token', await issuer.token({ ...subject, iat: now - 90, exp: now - 60 }));
  await ask('{ me { id } }', bearer(expired), 'UNAUTHENTICATED');
  const stranger = keep('external token', await issuer.token(aSubject({ email_verified: false })));
  await ask('{ me { id } }', bearer(stranger), 'UNAUTHENTICATED');
  // Whether or not it is let in, an account is made.
  await send(gateway().url, '{ me { id } }', {}, bearer(keep('external token', await issuer.token(aSubject()))));
  await ask('mutation { logout(input: { everywhere: true }) { ok } }', bearer(token));
  await ask('{ me { id } }', bearer(token), 'UNAUTHENTICATED');
}

/** The database refuses what nobody foresaw, while secrets are under way. */
async function faults(): Promise<void> {
  const run = (statement: string) => gateway().services.db.prisma.$executeRawUnsafe(statement);
  const tables = ['refresh_tokens', 'api_keys', 'account_tokens', 'external_identities'];
  const { admin, organization } = await aWorld(gateway());
  keep('refreshToken', admin.refreshToken);
  const signed = bearer(keep('accessToken', admin.accessToken));
  for (const table of tables)
    await run(`ALTER TABLE ${table} ADD CONSTRAINT surprise CHECK (created_at IS NULL) NOT VALID`);
  try {
    const fault = 'INTERNAL_SERVER_ERROR';
    const credentials = `email: "${anAddress()}", password: "${aPassword()}"`;
    await ask(`mutation { register(input: { ${credentials}, fullName: "Ada" }) { ${session} } }`, {}, fault);
    await ask(
      `mutation { refreshSession(input: { refreshToken: "${admin.refreshToken}" }) { ${session} } }`,
      {},
      fault,
    );
    const key = `organizationId: "${organization.id}", name: "Build", scopes: ["organizations:read"]`;
    await ask(`mutation { createApiKey(input: { ${key} }) { secret } }`, signed, fault);
    await ask('mutation { requestEmailVerification { ok } }', signed);
    const token = keep('external token', await issuer.token(aSubject()));
    await ask('{ me { id } }', bearer(token), fault);
    await vi.waitFor(() => expect(lines.join('')).toContain('job failed'), { timeout: 10_000, interval: 50 });
  } finally {
    for (const table of tables) await run(`ALTER TABLE ${table} DROP CONSTRAINT surprise`);
  }
}

beforeAll(async () => {
  await keepJobs(gateway());
  sent = recordStatements();
  await accounts();
  await organizations();
  await integrations();
  await anotherIssuer();
  await faults();
  // What lies in files, or sealed, is no business of anybody else either.
  const { db, seal } = gateway().services;
  for (const { privateJwk } of await db.prisma.signingKey.findMany()) {
    keep('private key', (JSON.parse(await seal.open(privateJwk)) as { d: string }).d);
  }
  for (const { privateJwk } of await db.prisma.integrationKey.findMany()) {
    const { d, p, q, dp, dq, qi } = JSON.parse(await seal.open(privateJwk!)) as Record<string, string>;
    for (const part of [d, p, q, dp, dq, qi]) keep('private key of integration tokens', part!);
  }
  keep('TENANTRY_SECRET', Buffer.from(await secretIn(inject('dataDir'))).toString('base64url'));
});
afterAll(() => sent?.end());

describe('of all secrets that were chosen, handed out or mailed', () => {
  it('there are some of every kind', () => {
    const kinds = new Map<string, number>();
    for (const { name } of secrets) {
      const kind = name.replace(/ \d+$/, '');
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    }
    expect(Object.fromEntries(kinds)).toEqual({
      accessToken: 12,
      refreshToken: 10,
      password: 7,
      secret: 1,
      'link to verify-email': 2,
      'link to reset-password': 2,
      'link to invitations': 4,
      'external token': 5,
      'private key': 1,
      token: 3,
      'private key of integration tokens': 2 * 6,
      TENANTRY_SECRET: 1,
    });
  });

  it('none lies in any column of any table, in any form, also while jobs waited', async () => {
    const columns = await everyColumn(gateway());
    expect(columns.size).toBeGreaterThan(150);
    const looked = ['public.refresh_tokens.hash', 'public.kept_jobs.payload', 'public.signing_keys.private_jwk'];
    const ofIntegrations = ['keys.private_jwk', 'tokens.id', 'token_revocations.jti'];
    looked.push(...ofIntegrations.map((column) => `public.integration_${column}`));
    expect([...columns.keys()]).toEqual(expect.arrayContaining(looked));
    const found = [...columns].map(([column, text]) => [column, secretsIn(text, secrets)] as const);
    expect(found.filter(([, names]) => names.length > 0)).toEqual([]);
  });

  it('those that were mailed, and the private keys, did lie there, but sealed', async () => {
    const sealed = secretsIn(await openedSeals(gateway()), secrets);
    const expected = secrets.filter(({ name }) => /^(link|private key)/.test(name)).map(({ name }) => name);
    expect(sealed).toEqual(expect.arrayContaining(expected));
    expect(sealed.filter((name) => !expected.includes(name))).toEqual([]);
  });

  it('none was in a statement, which a server may log, or a parameter of one', () => {
    expect(sent.statements.length).toBeGreaterThan(100);
    expect(sent.parameters.length).toBeGreaterThan(100);
    expect(secretsIn(sent.statements.join('\n'), secrets)).toEqual([]);
    expect(secretsIn(sent.parameters.join('\n'), secrets)).toEqual([]);
  });

  it('none is in the log, at its most talkative', () => {
    expect(lines.filter((line) => line.includes('request failed')).length).toBeGreaterThan(3);
    expect(secretsIn(lines.join(''), secrets)).toEqual([]);
    expect(lines.join('')).not.toContain('$argon2');
  });

  it('none is in any answer but the one that was there to show it', () => {
    expect(answers.length).toBeGreaterThan(30);
    const repeated = answers.flatMap(({ document, text, shows }) => {
      const names = secretsIn(text, secrets).filter((name) => !shows.includes(name));
      return names.length > 0 ? [`${document}: ${names}`] : [];
    });
    expect(repeated).toEqual([]);
    expect(answers.flatMap(({ shows }) => shows)).toHaveLength(8 + 8 + 1 + 3);
  });
});

describe('the search itself', () => {
  it('would find a secret in bytes, in JSON, in a statement, in a parameter and in the log', async () => {
    const secret = { name: 'planted', value: randomBytes(32).toString('base64url') };
    const { db } = gateway().services;
    const bytes = Buffer.from(secret.value, 'base64url');
    await db.run('CREATE TABLE planted AS SELECT $1::bytea AS letters, $2::bytea AS bytes, $3::jsonb AS json', [
      ...[Buffer.from(secret.value), bytes],
      JSON.stringify({ deep: [{ inside: secret.value }] }),
    ]);
    await db.run(`SELECT '${secret.value}' AS text`, []);
    const columns = await everyColumn(gateway());
    for (const column of ['letters', 'bytes', 'json']) {
      expect(secretsIn(columns.get(`public.planted.${column}`)!, [secret]), column).toEqual(['planted']);
    }
    expect(secretsIn(sent.statements.join('\n'), [secret])).toEqual(['planted']);
    expect(secretsIn(sent.parameters.join('\n'), [secret])).toEqual(['planted']);
    log.info({ note: secret.value }, 'found');
    expect(secretsIn(lines.at(-1)!, [secret])).toEqual(['planted']);
  });
});
