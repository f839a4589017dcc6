import { describe, expect, it } from 'vitest';
import { canary, searchEverything, useSearchedGateway } from './leak-search.js';
import { call, operations, validCalls } from './operations.js';
import { bearer, keyed, post } from './requests.js';
import { aScene } from './scene.js';

const searched = useSearchedGateway();
const { gateway, lines, answers, plant } = searched;

describe('an error', () => {
  const ask = async (query: string, headers: Record<string, string> = {}) => {
    const answer = await post(gateway().url, JSON.stringify({ query }), headers);
    answers.push(answer);
    return answer.text;
  };

  it('of every kind says what it is', async () => {
    const scene = await aScene(gateway());
    const { organizationId, admin, member, invitationId, readKey } = scene;
    const here = `organizationId: "${organizationId}"`;
    const update = (memberId: string, role: string) =>
      `mutation { updateMemberRole(input: { ${here}, memberId: "${memberId}", role: "${role}" }) { member { id } } }`;
    const invite = (email: string, role: string) =>
      `mutation { inviteMember(input: { ${here}, email: "${email}", role: "${role}" }) { invitation { id } } }`;
    expect(await ask('{ me { id } }')).toContain('UNAUTHENTICATED');
    expect(await ask(update(admin.memberId, 'viewer'), bearer(member))).toContain('FORBIDDEN');
    expect(await ask(update(organizationId, 'viewer'), bearer(admin))).toContain('NOT_FOUND');
    expect(await ask(update('x', 'viewer'), bearer(admin))).toContain('BAD_USER_INPUT');
    expect(await ask(invite(member.user.email, 'member'), bearer(admin))).toContain('CONFLICT');
    expect(await ask(update(admin.memberId, 'viewer'), bearer(admin))).toContain('LAST_ADMINISTRATOR');
    const revoke = `mutation { revokeInvitation(input: { ${here}, invitationId: "${invitationId}" }) { invitation { id } } }`;
    expect(await ask(revoke, bearer(admin))).not.toContain('errors');
    expect(await ask(revoke, bearer(admin))).toContain('INVITATION_NOT_PENDING');
    expect(await ask('{ currentOrganization { id } }', bearer(admin))).toContain('ORGANIZATION_REQUIRED');
    expect(await ask(revoke, keyed(readKey))).toContain('"code":"FORBIDDEN","requiredScope":"organizations:write"');
    const reset = `mutation { requestPasswordReset(input: { email: "${canary()}@example.com" }) { ok } }`;
    for (let times = 0; times < 5; times += 1) expect(await ask(reset)).not.toContain('errors');
    expect(await ask(reset)).toMatch(/"code":"RATE_LIMITED","retryAfter":\d+/);
    expect(await ask('{ nothing }')).toContain('GRAPHQL_VALIDATION_FAILED');
    expect(await ask('{')).toContain('GRAPHQL_PARSE_FAILED');
  });

  it('of a unique value that is taken says which one, in words', async () => {
    const scene = await aScene(gateway());
    for (const name of ['register', 'createOrganization', 'createTeam', 'createWorkspace']) {
      const coordinate = `Mutation.${name}`;
      const [variables] = await operations[coordinate]!.valid(scene);
      expect((await call(scene, coordinate, variables!)).text).not.toContain('errors');
      const again = await call(scene, coordinate, variables!);
      answers.push(again);
      expect(again.text).toMatch(/"code":"CONFLICT","reason":"[A-Z]+_TAKEN"/);
    }
  });

  /** Takes a table away for a while. */
  async function without(table: string, work: () => Promise<void>): Promise<void> {
    const run = (statement: string) => gateway().services.db.prisma.$executeRawUnsafe(statement);
    await run(`ALTER TABLE ${table} RENAME TO ${table}_gone`);
    try {
      await work();
    } finally {
      await run(`ALTER TABLE ${table}_gone RENAME TO ${table}`);
    }
  }

  it('of a broken database is masked, carries its request, and is logged under it', async () => {
    const scene = await aScene(gateway());
    const calls = await validCalls(scene);
    for (const table of ['sessions', 'users', 'roles', 'api_keys', 'account_tokens', 'rate_limits']) {
      await without(table, async () => {
        for (const [coordinate, variables] of calls) {
          const answer = await call(scene, coordinate, variables);
          answers.push(answer);
          expect(answer.status, coordinate).toBeLessThan(500);
          if (!answer.text.includes('INTERNAL_SERVER_ERROR')) continue;
          const { errors } = JSON.parse(answer.text) as { errors: { message: string; extensions: object }[] };
          for (const { message, extensions } of errors) {
            const requestId = answer.headers.get('x-request-id');
            expect(message).toBe('Something went wrong on our side. Please try again.');
            expect(extensions).toEqual({ code: 'INTERNAL_SERVER_ERROR', requestId });
            expect(lines.filter((line) => line.includes(requestId!)).length, coordinate).toBeGreaterThan(0);
          }
        }
      });
    }
    const faults = answers.filter(({ text }) => text.includes('INTERNAL_SERVER_ERROR'));
    expect(faults.length).toBeGreaterThan(50);
  });

  it('of a rule of the database that nobody foresaw does not put the refused row into the log', async () => {
    const run = (statement: string) => gateway().services.db.prisma.$executeRawUnsafe(statement);
    await run(`ALTER TABLE users ADD CONSTRAINT users_surprise_check CHECK (full_name <> 'Nobody')`);
    try {
      const password = plant(canary());
      const email = `${canary()}@example.com`;
      const input = `{ email: "${email}", password: "${password}", fullName: "Nobody" }`;
      const text = await ask(`mutation { register(input: ${input}) { user { id } } }`);
      expect(text).toContain('INTERNAL_SERVER_ERROR');
      expect(text).not.toContain('users_surprise_check');
      const logged = lines.filter((line) => line.includes('users_surprise_check'));
      expect(logged).toHaveLength(1);
      expect(logged[0]).not.toContain('$argon2');
      expect(logged[0]).not.toContain(email);
    } finally {
      await run('ALTER TABLE users DROP CONSTRAINT users_surprise_check');
    }
  });
});

searchEverything(searched, { answers: 200, secrets: 1 });
