import { afterEach, expect, it, vi } from 'vitest';
import { createAccessTokens } from '../../src/auth/access-token.js';
import { openSigningKeys, rotateSigningKeys } from '../../src/auth/signing-keys.js';
import { newId } from '../../src/platform/id.js';
import { useOwnGateway } from '../support/own-gateway.js';

const gateway = useOwnGateway();

afterEach(() => {
  vi.useRealTimers();
});

it('several tokens of a new key at once are all good on a replica that has not seen it', async () => {
  const { db, seal } = gateway().services;
  const replica = createAccessTokens(await openSigningKeys(db, seal), 'tenantry');
  await db.prisma.signingKey.deleteMany();
  await rotateSigningKeys(db, seal);
  const other = createAccessTokens(await openSigningKeys(db, seal), 'tenantry');
  const sessions = Array.from({ length: 5 }, () => ({ userId: newId(), sessionId: newId() }));
  const tokens = await Promise.all(sessions.map((session) => other.issue(session)));
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 6_000 });
  const verified = await Promise.all(tokens.map(({ accessToken }) => replica.verify(accessToken)));
  expect(verified).toMatchObject(sessions.map(({ sessionId }) => ({ sessionId })));
});
