import { describe, expect, it } from 'vitest';
import { someNetwork } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { accountsOf, anAddress, goodPassword } from './accounts.js';

const gateway = useGateway();
const { signUp } = accountsOf(gateway);

const operations = {
  login: 'mutation ($input: LoginInput!) { login(input: $input) { session { accessToken } user { id } } }',
  register: `mutation ($input: RegisterInput!) {
    register(input: $input) {
      session { accessToken refreshToken tokenType expiresAt }
      user { id email username fullName avatarUrl timezone status isSuperAdmin emailVerified lastActiveAt createdAt
        memberships { totalCount nodes { id status role { key rank } organization { id isPersonal memberCount } } } }
      organization { id name slug plan isPersonal memberCount viewerRole { key } roles { key } createdAt }
      workspace { id name slug isDefault createdAt }
    }
  }`,
  requestPasswordReset: 'mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { ok } }',
};

/** All that comes back, with what is of the one answer only blotted out: ids, times, secrets and the address. */
async function answerTo(operation: keyof typeof operations, input: { email: string }): Promise<string> {
  const response = await fetch(`${gateway().url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...someNetwork() },
    body: JSON.stringify({ query: operations[operation], variables: { input } }),
  });
  const headers = Object.fromEntries(response.headers);
  const body = (await response.text())
    .replaceAll(input.email, '<address>')
    .replaceAll(input.email.split('@')[0]!, '<handle>')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replace(/<handle>-[0-9a-f]{12}/g, '<slug>')
    .replace(/"eyJ[\w-]+\.[\w-]+\.[\w-]+"/g, '<token>')
    .replace(/"[\w-]{43}"/g, '<secret>')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>');
  const masked = { ...headers, date: '', 'x-request-id': '', 'content-length': '' };
  return JSON.stringify({ status: response.status, headers: masked, body });
}

/** What is answered of addresses that have an account, and of others, in turn. */
async function interleaved(operation: keyof typeof operations, rest: object, known: string[]) {
  const [ofKnown, ofUnknown] = [new Set<string>(), new Set<string>()];
  for (const email of known) {
    ofKnown.add(await answerTo(operation, { email, ...rest }));
    ofUnknown.add(await answerTo(operation, { email: anAddress(), ...rest }));
  }
  return { ofKnown: [...ofKnown], ofUnknown: [...ofUnknown] };
}

describe('whether an address has an account', () => {
  const cases: [operation: keyof typeof operations, rest: object, says: string][] = [
    ['login', { password: 'not the password' }, 'The e-mail address or the password is wrong.'],
    ['register', { password: goodPassword, fullName: 'Ada Lovelace' }, '"emailVerified":false'],
    ['requestPasswordReset', {}, '"ok":true'],
  ];
  for (const [operation, rest, says] of cases) {
    it(`is not told by any answer of ${operation}, nor by its headers`, async () => {
      const accounts = [];
      for (let index = 0; index < 10; index += 1) accounts.push((await signUp()).email);
      const { ofKnown, ofUnknown } = await interleaved(operation, rest, accounts);
      expect(ofKnown).toHaveLength(1);
      expect(ofUnknown).toEqual(ofKnown);
      expect(JSON.parse(ofKnown[0]!).body).toContain(says);
    });
  }
});
