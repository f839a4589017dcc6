import { setTimeout as sleep } from 'node:timers/promises';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type StartedGateway, startTenantry } from '../examples/started-gateway.js';
import { type Answer, codeOf } from '../support/client.js';
import { useGateway } from '../support/gateway.js';
import { aWorld, type World } from '../support/world.js';
import { type Processes, patience, rounds, via } from './processes.js';

/** For how long a new key is published before it signs, where keys are rotated in a row; in earnest it is five minutes. */
const leadSeconds = 2;

/** How often, at most, the client fetches the keys for a token with an unknown kid: less than that; in earnest half a minute. */
const cooldownMs = 1_000;

const tokensPerSecond = 20;
const audience = 'https://partner.example';

const gateway = useGateway();

/** Two gateway processes for the tests of one block. */
function useTwoGateways(keyLeadSeconds: number): () => Processes {
  let started: StartedGateway[] = [];
  beforeAll(async () => {
    const env = {
      DATABASE_URL: inject('databaseUrl'),
      TENANTRY_KEY_LEAD_SECONDS: String(keyLeadSeconds),
      LOG_LEVEL: 'error',
    };
    const start = () => startTenantry({ dataDir: inject('dataDir'), env });
    started = await Promise.all([start(), start()]);
  });
  afterAll(() => Promise.all(started.map((one) => one.stop())));
  return () => ({ gateway: gateway(), urls: [started[0]!.url, started[1]!.url] });
}

const IssueToken =
  'mutation ($input: IssueIntegrationTokenInput!) { issueIntegrationToken(input: $input) { token jti kid } }';
const RotateToken =
  'mutation ($input: RotateIntegrationTokenInput!) { rotateIntegrationToken(input: $input) { token jti kid } }';
const RotateKey = `mutation ($input: RotateIntegrationKeyInput!) {
  rotateIntegrationKey(input: $input) { integrationKey { kid status activatesAt } }
}`;

interface Issued {
  token: string;
  jti: string;
  kid: string;
}
interface NewKey {
  kid: string;
  status: string;
  activatesAt: string;
}

/** Through the first process and the second one in turn. */
const processOf = (index: number) => (index % 2) as 0 | 1;

const issue = (on: Processes, { organization, admin }: World, index: number, subject = 'billing') =>
  via<{ issueIntegrationToken: Issued } | null, object>(on, processOf(index), admin, IssueToken, {
    input: { organizationId: organization.id, audience, subject, scopes: [] },
  });

const rotateKey = (on: Processes, { organization, admin }: World, index: number) =>
  via<{ rotateIntegrationKey: { integrationKey: NewKey } } | null, object>(on, processOf(index), admin, RotateKey, {
    input: { organizationId: organization.id },
  });

async function issued(on: Processes, world: World, index: number, subject?: string): Promise<Issued> {
  const { data, errors } = await issue(on, world, index, subject);
  expect(errors).toBeUndefined();
  return data!.issueIntegrationToken;
}

/** A third party that gets the keys from one of the processes, by HTTP, and has nothing else of the gateway. */
function aThirdParty(on: Processes, { organization: { id } }: World, index: 0 | 1) {
  const url = new URL(`${on.urls[index]}/organizations/${id}/.well-known/jwks.json`);
  const keys = createRemoteJWKSet(url, { cooldownDuration: cooldownMs });
  const options = {
    algorithms: ['RS256'],
    typ: 'integration+jwt',
    issuer: `tenantry/organizations/${id}`,
    audience,
  };
  return (token: string) => jwtVerify(token, keys, options);
}

const keysOf = ({ organization: { id } }: World) =>
  gateway().services.db.prisma.integrationKey.findMany({ where: { organizationId: id } });

const reasonsOf = (answers: Answer<unknown>[]) => answers.map(({ errors }) => errors?.[0]?.extensions.reason);

describe('five rotations of a key while tokens are issued and verified', () => {
  const processes = useTwoGateways(leadSeconds);

  it('cost no third party a single token', { timeout: patience }, async () => {
    const world = await aWorld(gateway());
    const parties = [aThirdParty(processes(), world, 0), aThirdParty(processes(), world, 1)] as const;
    const tokens: string[] = [];
    const failures: unknown[] = [];

    /** The process that has issued a token is not the one whose keys verify it. */
    const issueAndVerify = async (index: number) => {
      const { token } = await issued(processes(), world, index);
      await parties[processOf(index + 1)](token);
      tokens.push(token);
    };

    // The first token makes the first key.
    const kids = [(await issued(processes(), world, 0)).kid];
    let rotating = true;
    const startedAt = performance.now();
    const stream = async () => {
      const underWay: Promise<unknown>[] = [];
      for (let index = 0; rotating; index += 1) {
        underWay.push(issueAndVerify(index).catch((error: unknown) => failures.push(error)));
        await sleep(startedAt + ((index + 1) * 1_000) / tokensPerSecond - performance.now());
      }
      await Promise.all(underWay);
    };
    const rotations = async () => {
      for (let rotation = 0; rotation < 5; rotation += 1) {
        const { data, errors } = await rotateKey(processes(), world, rotation);
        expect(errors).toBeUndefined();
        const { kid, status, activatesAt } = data!.rotateIntegrationKey.integrationKey;
        expect(status).toBe('NEXT');
        kids.push(kid);
        await sleep(Date.parse(activatesAt) - Date.now() + 300);
      }
    };
    const ended = rotations().finally(() => {
      rotating = false;
    });
    await Promise.all([stream(), ended]);

    expect(failures).toEqual([]);
    expect(tokens.length).toBeGreaterThan(5 * leadSeconds * tokensPerSecond);
    expect(new Set(kids).size).toBe(6);
    expect(new Set(tokens.map((token) => decodeProtectedHeader(token).kid))).toEqual(new Set(kids));

    // To the end, each of them: for those who have been there all along as for who comes now.
    for (const verify of [...parties, aThirdParty(processes(), world, 0)]) {
      await expect(Promise.all(tokens.map(verify))).resolves.toHaveLength(tokens.length);
    }
  });
});

describe('at the same moment, on two processes', () => {
  const processes = useTwoGateways(300);

  it('twenty rotations of a token make one successor', { timeout: patience }, async () => {
    const world = await aWorld(gateway());
    const { id: organizationId } = world.organization;
    const { prisma } = gateway().services.db;
    for (let round = 0; round < Math.min(rounds, 50); round += 1) {
      const revokePrevious = round % 2 === 1;
      const subject = `round-${round}`;
      const { token, jti } = await issued(processes(), world, round, subject);
      const rotate = (index: number) =>
        via<{ rotateIntegrationToken: Issued } | null, object>(
          processes(),
          processOf(round + index),
          world.admin,
          RotateToken,
          { input: { organizationId, token, revokePrevious } },
        );
      const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => rotate(index)));

      const successors = answers.flatMap(({ data }) => data?.rotateIntegrationToken ?? []);
      expect(successors).toHaveLength(1);
      const refused = answers.filter(({ errors }) => errors);
      expect(refused.map(codeOf)).toEqual(Array.from({ length: 19 }, () => 'CONFLICT'));
      expect(new Set(reasonsOf(refused))).toEqual(new Set(['ALREADY_ROTATED']));
      expect(new Set(refused.map(({ errors }) => errors![0]!.extensions.jti))).toEqual(new Set([successors[0]!.jti]));

      const known = await prisma.integrationToken.findMany({ where: { organizationId, subject } });
      expect(known.map(({ id, rotatedToId }) => [id, rotatedToId]).sort()).toEqual(
        [
          [jti, successors[0]!.jti],
          [successors[0]!.jti, null],
        ].sort(),
      );
      const revocations = await prisma.integrationTokenRevocation.count({ where: { organizationId, jti } });
      expect(revocations).toBe(revokePrevious ? 1 : 0);
    }
  });

  it('twenty first tokens of an organization make one key', { timeout: patience }, async () => {
    for (let round = 0; round < Math.min(rounds, 3); round += 1) {
      const world = await aWorld(gateway());
      const tokens = await Promise.all(
        Array.from({ length: 20 }, (_, index) => issued(processes(), world, round + index)),
      );
      const [key, ...more] = await keysOf(world);
      expect(more).toEqual([]);
      expect(new Set(tokens.map(({ kid }) => kid))).toEqual(new Set([key!.kid]));
      expect(new Set(tokens.map(({ jti }) => jti)).size).toBe(20);
      for (const { token, jti } of tokens) {
        expect((await aThirdParty(processes(), world, 0)(token)).payload.jti).toBe(jti);
      }
      const { id: organizationId } = world.organization;
      const { auditEvent } = gateway().services.db.prisma;
      expect(await auditEvent.count({ where: { organizationId, action: 'INTEGRATION_KEY_CREATED' } })).toBe(1);
    }
  });

  it('rotations of a key make one that waits for its turn', { timeout: patience }, async () => {
    for (let round = 0; round < Math.min(rounds, 8); round += 1) {
      const world = await aWorld(gateway());
      const { kid: before } = await issued(processes(), world, round);
      const answers = await Promise.all([0, 1, 2, 3].map((index) => rotateKey(processes(), world, round + index)));

      const made = answers.flatMap(({ data }) => data?.rotateIntegrationKey.integrationKey ?? []);
      expect(made).toEqual([expect.objectContaining({ status: 'NEXT' })]);
      const refused = answers.filter(({ errors }) => errors);
      expect(refused.map(codeOf)).toEqual(['CONFLICT', 'CONFLICT', 'CONFLICT']);
      expect(new Set(reasonsOf(refused))).toEqual(new Set(['ROTATION_PENDING']));
      expect(new Set(refused.map(({ errors }) => errors![0]!.extensions.kid))).toEqual(new Set([made[0]!.kid]));
      expect((await keysOf(world)).map(({ kid }) => kid).sort()).toEqual([before, made[0]!.kid].sort());
    }
  });
});
