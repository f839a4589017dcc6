import { createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../src/platform/id.js';
import { letter } from '../../src/platform/mail.js';
import { sendBySmtp } from '../../src/platform/smtp.js';
import { fieldOf } from './mime.js';
import { openSmtpInbox, type SmtpInbox, SmtpRefusal } from './smtp-inbox.js';

let inbox: SmtpInbox;
const ends: (() => unknown)[] = [];

beforeEach(async () => {
  inbox = await openSmtpInbox();
  ends.push(inbox.close);
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const mail = (to: string) => letter({ to, subject: 'Grüße', paragraphs: ['Hello.'], closing: 'Bye.' });

function sender(from: string, url = inbox.url) {
  const smtp = sendBySmtp(url, from);
  ends.push(smtp.close);
  return smtp;
}

describe('the sender', () => {
  it.each([
    ['no-reply@acme.example', 'no-reply@acme.example', 'acme.example'],
    ['<no-reply@acme.example>', 'no-reply@acme.example', 'acme.example'],
    ['Acme <no-reply@acme.example>', 'no-reply@acme.example', 'acme.example'],
    ['Acme@Home <no-reply@acme.example>', 'no-reply@acme.example', 'acme.example'],
    ['"Acme, Inc." <no-reply@mail.acme.example>', 'no-reply@mail.acme.example', 'mail.acme.example'],
    ['Ämter <no-reply@acme.example>', 'no-reply@acme.example', 'acme.example'],
  ])('%s stands in the envelope, and its domain in the Message-ID', async (from, address, domain) => {
    const id = newId();
    await sender(from).deliver(id, mail('ada@example.com'));
    const [{ envelope, fields, subject }] = inbox.received as [(typeof inbox.received)[number]];
    expect(envelope.from).toBe(address);
    expect(fieldOf(fields, 'from')).toContain(address);
    expect(fieldOf(fields, 'message-id')).toBe(`<${id}@${domain}>`);
    expect(subject).toBe('Grüße');
  });
});

describe('the recipient', () => {
  it.each([
    'ada@example.com, victim@evil.example',
    'Ada: ada@example.com, victim@evil.example;',
    'ada@example.com\r\nBcc: victim@evil.example',
  ])('is one alone, even if %j came past validation', async (address) => {
    const { deliver } = sender('no-reply@acme.example');
    await deliver(newId(), mail(address)).catch(() => {});
    const recipients = inbox.received.flatMap(({ envelope }) => envelope.to);
    expect(recipients.filter((recipient) => recipient === 'victim@evil.example')).toEqual([]);
    expect(inbox.received.flatMap(({ fields }) => fields.filter(({ name }) => /^b?cc$/i.test(name)))).toEqual([]);
  });
});

describe('a server', () => {
  it.each([421, 451, 550, 554])('that answers %i has not taken the message', async (code) => {
    inbox.manners = () => {
      throw new SmtpRefusal(code);
    };
    const { deliver } = sender('no-reply@acme.example');
    await expect(deliver(newId(), mail('ada@example.com'))).rejects.toMatchObject({ responseCode: code });
    inbox.manners = () => {};
    await deliver(newId(), mail('ada@example.com'));
    expect(inbox.received).toHaveLength(1);
  });

  it('that cannot be reached has not taken it either', async () => {
    const { url, close } = inbox;
    await close();
    await expect(sender('no-reply@acme.example', url).deliver(newId(), mail('ada@example.com'))).rejects.toThrow();
  });

  it('that breaks off in the middle has not taken it', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {}).write('220 mail.example ESMTP\r\n');
      socket.on('data', (data) => {
        if (data.toString().startsWith('EHLO')) socket.write('250 mail.example\r\n');
        else socket.destroy();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ends.push(() => server.close());
    const { port } = server.address() as { port: number };
    const { deliver } = sender('no-reply@acme.example', `smtp://127.0.0.1:${port}`);
    await expect(deliver(newId(), mail('ada@example.com'))).rejects.toThrow();
  });

  it('is told neither files nor addresses to fetch by what a message says', async () => {
    const { deliver } = sender('no-reply@acme.example');
    const from = { path: '/etc/hostname', href: 'http://127.0.0.1/' } as unknown as string;
    await expect(deliver(newId(), { ...mail('ada@example.com'), text: from })).rejects.toThrow(/access/i);
  });
});
