import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { newSecret } from '../../../src/platform/secret.js';
import { codeOf, send } from '../../support/client.js';
import { useGateway } from '../../support/gateway.js';
import { aWorld } from '../../support/world.js';
import { aKey, me } from './keys.js';

const gateway = useGateway();

/** What takes a credential, and what takes none: nobody would be told NOT_FOUND there. */
const documents = [me, '{ invitationByToken(token: "x") { email } }'];

async function expectRefused(headers: Record<string, string>) {
  for (const document of documents) {
    const { status, data, ...answer } = await send(gateway().url, document, {}, headers);
    const refusal = { headers, status, code: codeOf({ status, data, ...answer }), data: data ?? null };
    expect(refusal).toEqual({ headers, status: 401, code: 'UNAUTHENTICATED', data: null });
  }
}

/** Sends a request byte by byte, as no proper client would, and gives the whole answer. */
function raw(...headers: string[]): Promise<string> {
  const body = JSON.stringify({ query: me });
  const { hostname, port } = new URL(gateway().url);
  const head = ['POST /graphql HTTP/1.1', `Host: ${hostname}`, 'Connection: close', 'Content-Type: application/json'];
  const request = [...head, `Content-Length: ${body.length}`, ...headers, '', body].join('\r\n');
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(Number(port), hostname, () => socket.write(request));
    socket.setEncoding('utf8');
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    // The gateway may hang up before it has read all; what it said until then is its answer.
    socket.on('error', () => resolve(answer));
    socket.on('close', () => resolve(answer));
    socket.setTimeout(10_000, () => {
      socket.destroy();
      reject(new Error('The gateway does not answer.'));
    });
  });
}

describe('an API key that is none', () => {
  it('is refused, and never taken for nobody', async () => {
    const world = await aWorld(gateway());
    const { secret } = await aKey(gateway(), world, world.admin);
    const changed = secret.at(-2) === 'A' ? 'B' : 'A';
    const bad = [
      '',
      'x',
      'null',
      'undefined',
      `tnt_${newSecret()}`,
      secret.slice(4),
      `tnu_${secret.slice(4)}`,
      `TNT_${secret.slice(4)}`,
      secret.toLowerCase(),
      secret.toUpperCase(),
      secret.slice(0, -1),
      `${secret}A`,
      `${secret.slice(0, -2)}${changed}${secret.at(-1)}`,
      secret.slice(0, 12),
      `${secret}, ${secret}`,
      `${secret},${secret}`,
      `"${secret}"`,
      `Bearer ${secret}`,
      `\\x${randomBytes(32).toString('hex')}`,
      "tnt_' OR '1'='1",
      `tnt_${'%'.repeat(43)}`,
      `tnt_${'_'.repeat(43)}`,
      `tnt_${'ä'.repeat(43)}`,
      `tnt_${'A'.repeat(8_000)}`,
    ];
    for (const key of bad) await expectRefused({ 'x-api-key': key });
  });

  it('is refused however long it is', async () => {
    const answer = await raw(`X-API-Key: tnt_${'A'.repeat(1_048_576)}`);
    expect(answer).toMatch(/^HTTP\/1\.1 4(01|31) /);
    expect(answer).not.toContain('AAAA');
    expect(answer).not.toContain('"data"');
    const { admin } = await aWorld(gateway());
    expect(codeOf(await admin.send(me))).toBeUndefined();
  });

  it('is refused in a header that comes twice, also if one of them is good', async () => {
    const world = await aWorld(gateway());
    const { secret } = await aKey(gateway(), world, world.admin);
    const good = `X-API-Key: ${secret}`;
    expect(await raw(good)).toMatch(/^HTTP\/1\.1 200 /);
    for (const other of [secret, `tnt_${newSecret()}`, '', 'x']) {
      for (const headers of [
        [good, `X-API-Key: ${other}`],
        [`x-api-key: ${other}`, good],
      ]) {
        const answer = await raw(...headers);
        expect(answer).toMatch(/^HTTP\/1\.1 401 /);
        expect(answer).toContain('UNAUTHENTICATED');
        expect(answer).not.toContain(secret.slice(4));
      }
    }
  });
});

describe('an API key', () => {
  it('is refused together with an access token, whichever of them is good', async () => {
    const world = await aWorld(gateway());
    const { secret } = await aKey(gateway(), world, world.admin);
    const { accessToken } = await world.join('viewer');
    for (const token of [accessToken, world.admin.accessToken, 'x']) {
      for (const key of [secret, 'x', '']) {
        await expectRefused({ authorization: `Bearer ${token}`, 'x-api-key': key });
      }
    }
    for (const authorization of ['', 'x', 'Basic eDp4']) await expectRefused({ authorization, 'x-api-key': secret });
  });

  it('is no access token', async () => {
    const world = await aWorld(gateway());
    const { secret } = await aKey(gateway(), world, world.admin);
    for (const scheme of ['Bearer ', 'bearer ', 'ApiKey ', 'Basic ', '']) {
      await expectRefused({ authorization: `${scheme}${secret}` });
    }
  });

  it('is taken from its header only', async () => {
    const world = await aWorld(gateway());
    const { secret } = await aKey(gateway(), world, world.admin);
    const response = await fetch(`${gateway().url}/graphql?api_key=${secret}&x-api-key=${secret}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: `x-api-key=${secret}`, 'api-key': secret },
      body: JSON.stringify({ query: me, extensions: { apiKey: secret } }),
    });
    const text = await response.text();
    expect(JSON.parse(text).errors[0].extensions.code).toBe('UNAUTHENTICATED');
    expect(text).not.toContain(secret.slice(4));
  });

  it('is in no answer, however it was sent', async () => {
    const world = await aWorld(gateway());
    const { secret } = await aKey(gateway(), world, world.admin);
    const wrong = `${secret}A`;
    const sent: Record<string, string>[] = [
      { 'x-api-key': secret },
      { 'x-api-key': wrong },
      { authorization: secret },
      { authorization: `Bearer ${secret}` },
      { authorization: 'Bearer x', 'x-api-key': secret },
      { 'x-api-key': secret, 'x-organization-id': secret },
    ];
    for (const headers of sent) {
      for (const query of [me, '{ nothing }', '{', '{ allOrganizations { totalCount } }']) {
        const response = await fetch(`${gateway().url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify({ query }),
        });
        const answer = JSON.stringify([...response.headers]) + (await response.text());
        expect(answer).not.toContain(secret.slice(4));
      }
    }
  });

  it('works in the middle of bad ones', async () => {
    const world = await aWorld(gateway());
    const key = await aKey(gateway(), world, world.admin);
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        index % 3 === 0
          ? key.send(me)
          : send(gateway().url, me, {}, { 'x-api-key': index % 3 === 1 ? `tnt_${newSecret()}` : 'x' }),
      ),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses).toEqual(answers.map((_, index) => (index % 3 === 0 ? 200 : 401)));
  });
});
