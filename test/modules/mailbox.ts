import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inject, vi } from 'vitest';
import type { Mail } from '../../src/platform/mail.js';

/** Waits until so many messages have been delivered to an address, and returns them, the oldest first. */
export function mailTo(address: string, least = 1): Promise<Mail[]> {
  return vi.waitFor(
    async () => {
      const mails = (await delivered()).filter(({ to }) => to === address);
      if (mails.length < least) throw new Error(`Only ${mails.length} messages have come for ${address}.`);
      return mails;
    },
    { timeout: 10_000, interval: 20 },
  );
}

/** The secret in the newest invitation to an address, of which so many have been sent. */
export async function secretMailedTo(address: string, invitations = 1): Promise<string> {
  const mails = await mailTo(address, invitations);
  return /\/invitations\/([\w-]{43})\b/.exec(mails.at(-1)!.text)![1]!;
}

const known = new Map<string, Mail>();

/** Every message of the run so far, whichever gateway has sent it. Their file names sort by time. */
async function delivered(): Promise<Mail[]> {
  const folder = join(inject('dataDir'), 'mail');
  const files = (await readdir(folder).catch(() => [])).filter((file) => file.endsWith('.json')).sort();
  return Promise.all(
    files.map(async (file) => {
      const mail = known.get(file) ?? (JSON.parse(await readFile(join(folder, file), 'utf8')) as Mail);
      known.set(file, mail);
      return mail;
    }),
  );
}
