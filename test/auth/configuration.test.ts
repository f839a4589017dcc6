import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/platform/config.js';
import { problemsOf } from '../support/configuration.js';

const issuer = {
  AUTH_JWKS_URL: 'https://issuer.example.com/jwks.json',
  AUTH_ISSUER: 'https://issuer.example.com/',
  AUTH_AUDIENCE: 'the-app',
};

describe('another issuer', () => {
  it('is none unless it is named', () => {
    expect(readConfig({}).externalIssuer).toBeUndefined();
    expect(readConfig({ AUTH_JWKS_URL: '', AUTH_ISSUER: '', AUTH_AUDIENCE: '' }).externalIssuer).toBeUndefined();
  });

  it('is named by all three variables', () => {
    expect(readConfig(issuer).externalIssuer).toEqual({
      jwksUrl: 'https://issuer.example.com/jwks.json',
      issuer: 'https://issuer.example.com/',
      audience: 'the-app',
    });
  });

  it.each([1, 2, 3, 4, 5, 6])('is refused with only some of them (%d)', (some) => {
    const given = Object.fromEntries(Object.entries(issuer).filter((_, index) => some & (1 << index)));
    expect(problemsOf(given)).toEqual(['AUTH_JWKS_URL, AUTH_ISSUER and AUTH_AUDIENCE go together']);
    const empty = { ...Object.fromEntries(Object.keys(issuer).map((name) => [name, ''])), ...given };
    expect(problemsOf(empty)).toEqual(['AUTH_JWKS_URL, AUTH_ISSUER and AUTH_AUDIENCE go together']);
  });

  it.each([
    ['the address of the app', 'https://app.example.com', 'https://app.example.com'],
    ['the address of the app, which is given with a slash', 'https://app.example.com', 'https://app.example.com/'],
  ])('is refused under the name of the gateway: %s', (_, AUTH_ISSUER, APP_URL) => {
    const problems = problemsOf({ ...issuer, AUTH_ISSUER, APP_URL });
    expect(problems).toEqual(['AUTH_ISSUER is the name under which the gateway issues its own tokens']);
  });

  it('is refused under the name that the gateway has without an address of the app', () => {
    expect(problemsOf({ ...issuer, AUTH_ISSUER: 'tenantry' })).toHaveLength(1);
    expect(problemsOf({ ...issuer, AUTH_ISSUER: 'tenantry', APP_URL: 'https://app.example.com' })).toEqual([]);
  });

  it.each(['jwks.json', 'file:///etc/passwd', 'ftp://issuer.example.com/', 'data:application/json,{}', 'javascript:0'])(
    'has its keys on the web, not at %s',
    (AUTH_JWKS_URL) => {
      expect(problemsOf({ ...issuer, AUTH_JWKS_URL })).toEqual(['AUTH_JWKS_URL must be an http or https URL']);
    },
  );
});

describe('trusted proxies', () => {
  it('are none unless they are named', () => {
    expect(readConfig({}).trustProxy).toEqual([]);
    expect(readConfig({ TRUST_PROXY: ' , ' }).trustProxy).toEqual([]);
  });

  it('are addresses and networks of both kinds', () => {
    const TRUST_PROXY = '127.0.0.1, 10.0.0.0/8,::1 , 2001:db8::/32,';
    expect(readConfig({ TRUST_PROXY }).trustProxy).toEqual(['127.0.0.1', '10.0.0.0/8', '::1', '2001:db8::/32']);
  });

  it.each([
    'true',
    '1.2.3.4.5',
    '*',
    'proxy.example.com',
    '10.0.0.0/33',
    '10.0.0.0/',
    '::1/129',
    '10.0.0.0/8 ::1',
    'loopback',
  ])('are not %s', (entry) => {
    for (const TRUST_PROXY of [entry, `127.0.0.1,${entry}`]) {
      expect(problemsOf({ TRUST_PROXY })).toEqual(['TRUST_PROXY must list addresses or networks such as 10.0.0.0/8']);
    }
  });
});

it('what is wrong is told all at once, without any value', () => {
  const env = { ...issuer, AUTH_JWKS_URL: 'hidden', AUTH_ISSUER: '', TRUST_PROXY: 'hidden', TENANTRY_SECRET: 'hidden' };
  const problems = problemsOf(env);
  expect(problems).toHaveLength(4);
  expect(problems.join('\n')).not.toContain('hidden');
});
