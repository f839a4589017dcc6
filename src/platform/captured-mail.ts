import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isId } from './id.js';
import type { Deliver, Mail } from './mail.js';

/** Where captured messages lie. */
export function mailFolder(dataDir: string): string {
  return join(dataDir, 'mail');
}

/** Puts each message into a JSON file of its own instead of sending it. A repeated delivery writes the same file. */
export function captureMail(folder: string): Deliver {
  const write = (file: string, text: string) => writeFileSync(file, text, { mode: 0o600 });
  return async (id, mail) => {
    const file = join(folder, `${id}.json`);
    const text = JSON.stringify(mail, null, 2);
    // Handing a small file to another thread takes longer than writing it.
    try {
      write(`${file}.part`, text);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      write(`${file}.part`, text);
    }
    renameSync(`${file}.part`, file);
  };
}

/** The messages that were captured last, the latest first: their ids are UUIDv7, and sort by time. */
export async function capturedMail(folder: string, most: number): Promise<(Mail & { id: string })[]> {
  const files = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const ids = files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length));
  const latest = ids.filter(isId).sort().reverse().slice(0, most);
  return Promise.all(
    latest.map(async (id) => ({ id, ...(JSON.parse(await readFile(join(folder, `${id}.json`), 'utf8')) as Mail) })),
  );
}
