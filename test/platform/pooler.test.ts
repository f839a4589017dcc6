import { expect, it } from 'vitest';
import { isPooled } from '../../src/platform/pooler.js';

const url = 'postgresql://app:secret@db.example.com/app';

it.each([
  ['the same URL', url],
  ['another user', 'postgresql://owner:other@db.example.com/app'],
  ['the usual port, named', 'postgresql://app:secret@db.example.com:5432/app'],
  ['other parameters', `${url}?sslmode=require`],
])('%s as the direct URL means that there is no pooler', (_, direct) => {
  expect(isPooled(url, direct)).toBe(false);
});

it.each([
  ['host', 'postgresql://app:secret@primary.example.com/app'],
  ['port', 'postgresql://app:secret@db.example.com:6432/app'],
  ['database, as a pooler may name the same one twice', 'postgresql://app:secret@db.example.com/app_session'],
  ['socket', `${url}?host=/var/run/postgresql`],
])('another %s of the direct URL means that there is one', (_, direct) => {
  expect(isPooled(url, direct)).toBe(true);
});
