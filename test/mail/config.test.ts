import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/platform/config.js';
import { problemsOf } from '../support/configuration.js';

const from = 'no-reply@acme.example';

describe('MAIL_URL', () => {
  it.each([
    'smtp://mail.example',
    'smtp://mail.example:587',
    'smtps://ada%40acme.example:p%40ss@mail.example:465',
    'smtp://127.0.0.1:1025',
    'smtp://[::1]:1025',
  ])('can be %s', (url) => {
    expect(readConfig({ MAIL_URL: url, MAIL_FROM: from })).toMatchObject({ mailUrl: url, mailFrom: from });
  });

  it('can be left out, or empty: then mail is captured', () => {
    expect(readConfig({}).mailUrl).toBeUndefined();
    expect(readConfig({ MAIL_URL: '', MAIL_FROM: '' }).mailUrl).toBeUndefined();
  });

  it.each([
    'mail.example',
    'mail.example:25',
    'http://mail.example',
    'smtp://',
    'smtp://mail example',
    'smtp:mail.example',
  ])('cannot be %s', (url) => {
    expect(problemsOf({ MAIL_URL: url, MAIL_FROM: from })).toEqual(['MAIL_URL must be an smtp:// or smtps:// URL']);
  });

  it('needs MAIL_FROM', () => {
    expect(problemsOf({ MAIL_URL: 'smtp://mail.example' })).toEqual([
      'MAIL_FROM is needed to send mail: the address of the sender',
    ]);
  });

  it('is not repeated in what is said about it, because it holds a password', () => {
    const problems = problemsOf({ MAIL_URL: 'https://ada:hunter2@mail.example', MAIL_FROM: 'nobody' });
    expect(problems).toHaveLength(2);
    expect(problems.join()).not.toContain('hunter2');
  });
});

describe('MAIL_FROM', () => {
  const MAIL_URL = 'smtp://mail.example';

  it.each([from, `<${from}>`, `Acme <${from}>`, `"Acme, Inc." <${from}>`, `Ämter & Söhne <${from}>`])(
    'can be %s',
    (value) => {
      expect(readConfig({ MAIL_URL, MAIL_FROM: value }).mailFrom).toBe(value);
    },
  );

  it.each([
    'Acme',
    'no-reply',
    '@acme.example',
    'no-reply@',
    `${from}\r\nBcc: victim@evil.example`,
    `Acme <${from}> <${from}>`,
    `Acme\n<${from}>`,
  ])('cannot be %j', (value) => {
    expect(problemsOf({ MAIL_URL, MAIL_FROM: value })).toEqual([
      'MAIL_FROM must be an address such as Acme <no-reply@acme.example>',
    ]);
  });
});
