import { newId } from './id.js';
import type { Job } from './outbox.js';
import type { Seal } from './secret.js';

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

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Makes a text harmless inside HTML, whatever people call themselves. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}

/** A message as plain text and as HTML that says the same. What it says may hold anything: it is inert in both. */
export function letter(given: {
  to: string;
  subject: string;
  paragraphs: readonly string[];
  /** What the reader may do, until a moment. */
  link?: { label: string; url: string; until: Date } | undefined;
  /** What to do if the message was not expected. */
  closing: string;
}): Mail {
  const { to, subject, paragraphs, link, closing } = given;
  const until = link && `${link.until.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const text = [...paragraphs, ...(link ? [`${link.label}, until ${until}:`, link.url] : []), closing];
  const html = [
    ...paragraphs.map(escapeHtml),
    ...(link
      ? [
          `<a href="${escapeHtml(link.url)}" style="color:#0b57d0;font-weight:bold">${escapeHtml(link.label)}</a> (until ${until})`,
          `If the link cannot be clicked, copy this address: ${escapeHtml(link.url)}`,
        ]
      : []),
    escapeHtml(closing),
  ];
  return { to, subject, text: text.join('\n\n'), html: page(subject, html.map((line) => `<p>${line}</p>`).join('\n')) };
}

/** A page of HTML that can be read in any mail program, by screen readers, and without pictures. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title></head>
<body style="font:16px/1.5 sans-serif;color:#1f1f1f;background:#ffffff;max-width:40em;margin:2em auto;padding:0 1em;overflow-wrap:anywhere">
<main>
${body}
</main></body></html>
`;
}
