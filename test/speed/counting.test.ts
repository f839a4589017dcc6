import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { roleChangeJob } from '../../src/modules/member/member.mail.js';
import { mailFolder } from '../../src/platform/captured-mail.js';
import { testConfig } from '../support/gateway.js';
import { useOwnGateway } from '../support/own-gateway.js';
import { countingStatements } from '../support/statements.js';
import { aPerson, write } from '../support/world.js';

const gateway = useOwnGateway();

it('counts what a change sends, and not what the worker sends for a job of somebody else meanwhile', async () => {
  const { user } = await aPerson(gateway());
  const job = roleChangeJob({ userId: user.id, organizationName: 'Acme', roleName: 'Viewer' });
  const mail = join(mailFolder(testConfig().dataDir), `${(job.payload as { id: string }).id}.json`);
  const { statements } = await countingStatements(async () => {
    await write(gateway(), (set) => set.enqueue(job));
    await vi.waitFor(() => access(mail), { timeout: 10_000 });
  });
  expect(statements).toEqual([expect.stringContaining('graphile_worker')]);
});
