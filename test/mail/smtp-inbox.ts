import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { vi } from 'vitest';
import { type Message, messageIn } from './mime.js';

/** A message as it came through an SMTP conversation. */
export interface Received extends Message {
  /** What was said before the message itself, which is what counts. */
  envelope: { from: string; to: string[] };
}

/** What makes the server say no, or wait. It says no with what is thrown. */
export type Manners = (message: Received) => Promise<void> | void;

/** No for now (4xx) or for good (5xx). */
export class SmtpRefusal extends Error {
  constructor(readonly responseCode: number) {
    super(responseCode < 500 ? 'Try again later' : 'Never');
  }
}

export interface SmtpInbox {
  url: string;
  /** What was accepted, in order. */
  received: Received[];
  manners: Manners;
  /** Waits until so many messages have come for an address. */
  mailFor(address: string, least?: number): Promise<Received[]>;
  close(): Promise<void>;
}

/** A mail server that keeps what it accepts. */
export async function openSmtpInbox(): Promise<SmtpInbox> {
  const server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    closeTimeout: 100,
    logger: false,
    onData(stream, session, callback) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.once('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const envelope = { from: (mailFrom || { address: '' }).address, to: rcptTo.map(({ address }) => address) };
        const message = { ...messageIn(Buffer.concat(parts).toString('utf8')), envelope };
        Promise.resolve(message)
          .then((given) => inbox.manners(given))
          .then(
            () => {
              inbox.received.push(message);
              callback();
            },
            (error) => callback(error),
          );
      });
    },
  });
  // Whoever is killed in the middle of a conversation breaks it off.
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const inbox: SmtpInbox = {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    received: [],
    manners: () => {},
    mailFor: (address, least = 1) =>
      vi.waitFor(
        () => {
          const mails = inbox.received.filter(({ envelope }) => envelope.to.includes(address));
          if (mails.length < least) throw new Error(`Only ${mails.length} messages have come for ${address}.`);
          return mails;
        },
        { timeout: 20_000, interval: 20 },
      ),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return inbox;
}
