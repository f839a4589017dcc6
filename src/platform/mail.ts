import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newId } from './id.js';
import type { Seal } from './secret.js';
import type { Job } from './writes.js';

/** A message to one person. */
export interface Mail {
  to: string;
  subject: string;
  text: string;
  html: string;
}

/** Hands a message over to whatever delivers it. What throws is tried again. */
export type Deliver = (id: string, mail: Mail) => Promise<void>;

export const mailTask = 'send_mail';

/** What is enqueued of a message. It is sealed, because it may carry a secret, and secrets are never stored in clear. */
interface SealedMail {
  id: string;
  sealed: string;
}

/** The job that sends a message, to be written together with the change that it tells of. */
export async function mailJob(seal: Seal, mail: Mail): Promise<Job> {
  return {
    task: mailTask,
    payload: { id: newId(), sealed: await seal.close(JSON.stringify(mail)) } satisfies SealedMail,
  };
}

export async function sendMail(seal: Seal, deliver: Deliver, payload: unknown): Promise<void> {
  const { id, sealed } = payload as SealedMail;
  await deliver(id, JSON.parse(await seal.open(sealed)) as Mail);
}

/** Puts each message into a JSON file of its own instead of sending it. A repeated delivery writes the same file. */
export function captureMail(folder: string): Deliver {
  return async (id, mail) => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, `${id}.json`);
    await writeFile(`${file}.part`, JSON.stringify(mail, null, 2), { mode: 0o600 });
    await rename(`${file}.part`, file);
  };
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Makes a text harmless inside HTML, whatever people call themselves. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}
