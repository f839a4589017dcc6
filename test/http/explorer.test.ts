import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { asking, codeOf } from '../contract/answers.js';
import { useGateway } from '../support/gateway.js';

const gateway = useGateway();
const closed = useGateway({ explorer: false });

const { get } = asking(gateway);
const { get: getClosed } = asking(closed);

const policyOf = (headers: Headers) => headers.get('content-security-policy')!;

/** The folder of Altair's files, which has its version in it. */
async function folder(): Promise<string> {
  const [, base] = /<base href="\.(\/explorer\/[\d.]+\/)">/.exec((await get('/')).text)!;
  return base!;
}

describe('the pages of explorers', () => {
  it.each(['/', '/sandbox'])(
    '%s are HTML that is not kept, and whose scripts and styles have this answer’s nonce',
    async (path) => {
      const [one, other] = [await get(path), await get(path)];
      const [, nonce] = /script-src [^;]*'nonce-([^']+)'/.exec(policyOf(one.headers))!;
      expect(one.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(one.headers.get('cache-control')).toBe('no-store');
      expect(one.text).toContain(`nonce="${nonce}"`);
      expect(policyOf(other.headers)).not.toContain(nonce);
      for (const [tag] of one.text.matchAll(/<style[^>]*>|<script(?! type="module" src=)[^>]*>/g)) {
        expect(tag).toContain(`nonce="${nonce}"`);
      }
    },
  );

  it.each(['/', '/sandbox'])('%s may load only what they need, and nobody frames them', async (path) => {
    const { headers } = await get(path);
    const policy = policyOf(headers);
    expect(policy).toMatch(/^default-src 'none';/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/\*|unsafe|http:/);
    expect(policy.match(/https:[^\s;]+/g) ?? []).toEqual(
      path === '/' ? [] : ['https://sandbox.embed.apollographql.com'],
    );
    expect(headers.get('x-frame-options')).toBe('DENY');
  });

  it('know no password where there is no demo account', async () => {
    for (const path of ['/', '/sandbox']) expect((await get(path)).text).not.toContain('handleRequest');
    expect((await get('/')).text).not.toContain('initialPreRequestScript');
  });

  it('are where a browser is led that opens the address of the API', async () => {
    const answer = await fetch(`${gateway().url}/graphql`, {
      headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' },
      redirect: 'manual',
    });
    expect(answer.status).toBe(302);
    expect(new URL(answer.headers.get('location')!, `${gateway().url}/graphql`).pathname).toBe('/');
  });

  it('are nowhere when they are switched off', async () => {
    for (const path of ['/', '/sandbox', `${await folder()}main.js`]) {
      const answer = await getClosed(path, { accept: 'text/html' });
      expect(answer.status).toBe(404);
      expect(codeOf(answer)).toBe('NOT_FOUND');
    }
    expect((await getClosed('/graphql', { accept: 'text/html' })).status).toBe(400);
  });
});

describe('the files of Altair', () => {
  it('may be kept for ever, have their types, and are the same compressed', async () => {
    for (const [name, type] of [
      ['main.js', 'text/javascript; charset=utf-8'],
      ['styles.css', 'text/css; charset=utf-8'],
      ['favicon.ico', 'image/x-icon'],
      ['media/jetbrains-mono-latin-400-normal.woff2', 'font/woff2'],
    ]) {
      const url = `${gateway().url}${await folder()}${name}`;
      const [plain, zipped] = [await raw(url, {}), await raw(url, { 'accept-encoding': 'gzip' })];
      expect(plain.headers['content-type']).toBe(type);
      expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
      expect(plain.headers['content-length']).toBe(String(plain.body.length));
      const isText = type!.startsWith('text/');
      expect(zipped.headers['content-encoding']).toBe(isText ? 'gzip' : undefined);
      expect((isText ? gunzipSync(zipped.body) : zipped.body).equals(plain.body)).toBe(true);
    }
  });

  it('answer to HEAD with their size, and to nothing else', async () => {
    const url = `${gateway().url}${await folder()}main.js`;
    const head = await raw(url, {}, 'HEAD');
    expect(head.status).toBe(200);
    expect(Number(head.headers['content-length'])).toBeGreaterThan(1_000_000);
    expect(head.body).toHaveLength(0);
    expect((await raw(url, {}, 'POST')).status).toBe(405);
  });

  it.each([
    ...['../index.js', '../../package.json', '..%2findex.js', '%2e%2e/index.js', '%2e%2e%2findex.js'],
    ...['..\\index.js', 'media/../../index.js', '/etc/passwd', '%00', 'main.js%00', '', 'media', 'constructor'],
  ])('are the only ones: %j is not there', async (name) => {
    const { hostname, port } = new URL(gateway().url);
    const answer = await raw({ hostname, port, path: `${await folder()}${name}` }, {});
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.body.toString())).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
  });
});

/** What is sent as it is written, and answered as it comes. */
function raw(target: string | object, headers: Record<string, string>, method = 'GET') {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
    const place = typeof target === 'string' ? urlParts(target) : target;
    const outgoing = request({ ...place, method, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(parts) }),
      );
    });
    outgoing.on('error', reject).end();
  });
}

function urlParts(url: string): object {
  const { hostname, port, pathname } = new URL(url);
  return { hostname, port, path: pathname };
}
