import { createTransport } from 'nodemailer';
import type { Deliver } from './mail.js';

interface Smtp {
  deliver: Deliver;
  /** Connects and signs in, and sends nothing. @throws whatever is in the way. */
  verify(): Promise<void>;
  close(): void;
}

/**
 * Sends messages by SMTP.
 *
 * A message may be sent twice, if the process dies before it knows that it was sent; but every time with the same Message-ID,
 * so that mail programs show it once.
 *
 * @param url smtp:// or smtps://, with the credentials in it.
 * @param from the address of the sender, with or without a name.
 */
export function sendBySmtp(url: string, from: string): Smtp {
  const transport = createTransport(
    {
      url,
      pool: true,
      maxConnections: 2,
      connectionTimeout: 10_000,
      greetingTimeout: 10_000,
      socketTimeout: 30_000,
      // What a message says must never be read from a file or fetched.
      disableFileAccess: true,
      disableUrlAccess: true,
    } as object,
    { from },
  );
  const domain = /@([^\s<>@]+)>?$/.exec(from)?.[1] ?? 'localhost';
  return {
    async deliver(id, { to, subject, text, html }) {
      await transport.sendMail({
        messageId: `<${id}@${domain}>`,
        to: { name: '', address: to },
        subject: literally(subject),
        text,
        html,
        // RFC 3834: nobody's out-of-office message should answer.
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
    },
    async verify() {
      await transport.verify();
    },
    close: () => transport.close(),
  };
}

/** What reads like an encoded word (RFC 2047) is encoded itself: nobody's name may turn into another text on its way. */
function literally(subject: string): string {
  if (!subject.includes('=?')) return subject;
  // Nine characters have 36 octets at most, so that a word is no longer than allowed.
  const parts = subject.match(/.{1,9}/gsu) ?? [];
  return parts.map((part) => `=?UTF-8?B?${Buffer.from(part).toString('base64')}?=`).join(' ');
}
