import { describe, expect, it } from 'vitest';
import { hashSecret } from '../../src/platform/secret.js';
import { type Answer, codeOf, send } from '../support/client.js';
import { aPerson, type Person, sessionIdOf } from '../support/world.js';
import { patience, rounds, useTwoProcesses, via } from './processes.js';

const processes = useTwoProcesses();

const fields = 'session { accessToken refreshToken }';
const refreshSession = `mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { ${fields} } }`;
const logout = 'mutation ($input: LogoutInput!) { logout(input: $input) { ok } }';
const setUserStatus = 'mutation ($input: SetUserStatusInput!) { setUserStatus(input: $input) { user { id } } }';
const me = '{ me { id } }';

interface Tokens {
  accessToken: string;
  refreshToken: string;
}
type Refreshed = Answer<{ refreshSession: { session: Tokens } } | null>;

/** As often as elsewhere, but a hundred times are enough for twenty requests each. */
const times = Math.min(rounds, 100);

const refresh = (index: 0 | 1, refreshToken: string): Promise<Refreshed> =>
  send(processes().urls[index], refreshSession, { input: { refreshToken } });

const sessionOf = ({ accessToken }: Pick<Person, 'accessToken'>) =>
  processes().gateway.services.db.prisma.session.findUniqueOrThrow({
    where: { id: sessionIdOf({ accessToken }) },
    include: { refreshTokens: true },
  });

/** Nothing that was handed out of the session works any more, on either process. */
async function expectDead(...tokens: Tokens[]): Promise<void> {
  for (const { accessToken, refreshToken } of tokens) {
    for (const index of [0, 1] as const) {
      expect(codeOf(await via(processes(), index, { accessToken }, me))).toBe('UNAUTHENTICATED');
      expect(codeOf(await refresh(index, refreshToken))).toBe('UNAUTHENTICATED');
    }
  }
}

const childrenOf = (answers: Refreshed[]) => answers.flatMap(({ data }) => data?.refreshSession?.session ?? []);

describe('one refresh token, at the same moment', () => {
  it('in twenty requests has one child, and the session ends', { timeout: patience }, async () => {
    for (let round = 0; round < times; round += 1) {
      const person = await aPerson(processes().gateway);
      const requests = Array.from({ length: 20 }, (_, index) => refresh((index % 2) as 0 | 1, person.refreshToken));
      const answers = await Promise.all(requests);

      const children = childrenOf(answers);
      expect(children).toHaveLength(1);
      const refused = answers.filter((answer) => codeOf(answer) === 'UNAUTHENTICATED');
      expect(refused).toHaveLength(19);

      const { refreshTokens, revokedAt } = await sessionOf(person);
      expect(revokedAt).not.toBeNull();
      expect(refreshTokens).toHaveLength(2);
      const [parent] = refreshTokens.filter(({ usedAt }) => usedAt !== null);
      expect(Buffer.from(parent!.hash)).toEqual(Buffer.from(hashSecret(person.refreshToken)));
      await expectDead(children[0]!, person);
    }
  });

  it('in two requests has one child, and the session ends', { timeout: patience }, async () => {
    for (let round = 0; round < times; round += 1) {
      const person = await aPerson(processes().gateway);
      const first = (round % 2) as 0 | 1;
      const answers = await Promise.all([
        refresh(first, person.refreshToken),
        refresh(first ? 0 : 1, person.refreshToken),
      ]);
      const children = childrenOf(answers);
      expect(children).toHaveLength(1);
      expect((await sessionOf(person)).refreshTokens).toHaveLength(2);
      await expectDead(children[0]!);
    }
  });
});

describe('refreshing at the moment at which the session ends', () => {
  it.each<[string, (person: Person) => Promise<unknown>]>([
    ['by logging out', (person) => via(processes(), 1, person, logout, { input: {} })],
    ['by logging out everywhere', (person) => via(processes(), 1, person, logout, { input: { everywhere: true } })],
    [
      'by suspension of its user',
      async ({ user }) => {
        const superAdmin = await aPerson(processes().gateway, { isSuperAdmin: true });
        return via(processes(), 1, superAdmin, setUserStatus, { input: { userId: user.id, status: 'SUSPENDED' } });
      },
    ],
  ])('%s leaves nothing that works', { timeout: patience }, async (_, end) => {
    for (let round = 0; round < times / 4; round += 1) {
      const person = await aPerson(processes().gateway);
      const [answer, ended] = await Promise.all([refresh(0, person.refreshToken), end(person)]);
      expect(codeOf(ended as Answer<unknown>)).toBeUndefined();
      await expectDead(person, ...childrenOf([answer]));
    }
  });
});

it('twenty chains of refreshes beside each other disturb nobody', { timeout: patience }, async () => {
  const people = await Promise.all(Array.from({ length: 20 }, () => aPerson(processes().gateway)));
  await Promise.all(
    people.map(async (person) => {
      let { refreshToken } = person;
      for (let round = 0; round < 10; round += 1) {
        const answer = await refresh((round % 2) as 0 | 1, refreshToken);
        const { session } = answer.data!.refreshSession;
        const seen = await via<{ me: { id: string } }, object>(processes(), round % 2 ? 0 : 1, session, me);
        expect(seen.data.me.id).toBe(person.user.id);
        refreshToken = session.refreshToken;
      }
    }),
  );
});
