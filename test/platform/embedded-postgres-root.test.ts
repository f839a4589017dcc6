import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { canBeReachedBy, canUnshare, freshClone, isRoot, ordinaryFolder, pathWithoutUnshare } from './fresh-clone.js';
import { makeCheckout, query, removeScratch, SYSTEM_USER, serverPid, useGateways } from './gateway-process.js';

// PostgreSQL refuses to run as root; where root may have cloned this, somebody else is found.

const { scratch, gateway } = useGateways();

describe.runIf(isRoot)('root', () => {
  test('runs it under a home that nobody else may enter', async ({ skip }) => {
    skip(!canUnshare(), 'user namespaces are not allowed here');
    const { checkout, dataDir } = freshClone(scratch, 'private-home', 0o700);

    const { url, failure } = await gateway({ checkout, dataDir });

    expect(failure).toBeUndefined();
    expect(await query(url, 'select 1')).toEqual([[1]]);
    expect(statSync(join(dataDir, 'postgres')).uid).toBe(0);
  });

  test('runs it as a system user where user namespaces are forbidden, and goes on with the same data', async ({
    skip,
  }) => {
    const checkout = makeCheckout(join(scratch, 'public'));
    skip(!canBeReachedBy(SYSTEM_USER, join(checkout, 'node_modules/pg')), 'node_modules is in a private home');
    const dataDir = join(checkout, '.tenantry');
    await (await gateway({ checkout, dataDir })).end('SIGTERM');

    const { url, failure } = await gateway({ checkout, dataDir, env: { PATH: pathWithoutUnshare(scratch) } });

    expect(failure).toBeUndefined();
    expect(await query(url, 'select 1')).toEqual([[1]]);
    expect(statSync(`/proc/${serverPid(dataDir)}`).uid).not.toBe(0);
  });

  test('with neither keeps the data where a system user can reach it, and finds it again', async () => {
    const { checkout, dataDir } = freshClone(scratch, 'private-home-of-last-resort', 0o700);
    const options = { checkout, dataDir, env: { PATH: pathWithoutUnshare(scratch) } };

    const first = await gateway(options);
    expect(first.failure).toBeUndefined();
    const place = readFileSync(join(dataDir, 'postgres.location'), 'utf8');
    onTestFinished(() => removeScratch(place));
    expect(first.logs.join()).toContain(`PostgreSQL keeps its data in ${place}`);
    expect(await query(first.url, 'select 1')).toEqual([[1]]);
    await first.end('SIGTERM');

    const second = await gateway(options);
    expect(second.failure).toBeUndefined();
    expect(second.logs).toEqual([]);
    await second.end('SIGTERM');

    rmSync(place, { recursive: true });
    expect((await gateway(options)).failure).toContain('is gone. Put it back, or delete');
  });

  test('runs it as the ordinary user to whom the data belong', async ({ skip }) => {
    const checkout = makeCheckout(join(scratch, 'of-a-user'));
    skip(!canBeReachedBy(SYSTEM_USER, join(checkout, 'node_modules/pg')), 'node_modules is in a private home');
    const dataDir = ordinaryFolder(scratch, 'data-of-a-user');
    await (await gateway({ checkout, dataDir, user: SYSTEM_USER })).end('SIGTERM');

    const asRoot = await gateway({ checkout, dataDir });
    expect(asRoot.failure).toBeUndefined();
    expect(statSync(`/proc/${serverPid(dataDir)}`).uid).toBe(SYSTEM_USER.uid);
    await asRoot.end('SIGTERM');

    expect((await gateway({ checkout, dataDir, user: SYSTEM_USER })).failure).toBeUndefined();
  });
});
