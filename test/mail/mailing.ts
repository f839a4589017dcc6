import { afterAll, beforeAll } from 'vitest';
import { type Gateway, startGateway } from '../../src/gateway.js';
import { readConfig } from '../../src/platform/config.js';
import { createLog } from '../../src/platform/log.js';
import { testConfig } from '../support/gateway.js';
import { createDatabase } from '../support/own-gateway.js';
import { openSmtpInbox, type SmtpInbox } from './smtp-inbox.js';

export const mailFrom = 'Tenantry at Acme <no-reply@mail.acme.example>';

export interface Mailing {
  gateway: Gateway;
  inbox: SmtpInbox;
  databaseUrl: string;
}

/** A gateway that hands its mail to an SMTP server, on a database of its own: no other gateway takes its messages. */
export function useMailing(): () => Mailing {
  const ends: (() => Promise<unknown>)[] = [];
  let mailing: Mailing | undefined;
  beforeAll(async () => {
    const database = await createDatabase();
    ends.push(database.drop);
    const inbox = await openSmtpInbox();
    ends.push(inbox.close);
    const gateway = await startGateway(mailingConfig(database.url, inbox.url), createLog('silent'));
    ends.push(() => gateway.stop());
    mailing = { gateway, inbox, databaseUrl: database.url };
  });
  afterAll(async () => {
    for (const end of ends.reverse()) await end();
  });
  return () => mailing!;
}

/** The configuration of a gateway whose mail goes to this server. */
export function mailingConfig(databaseUrl: string, mailUrl: string) {
  // What an operator would write goes through the configuration, like anything else.
  const mail = readConfig({ MAIL_URL: mailUrl, MAIL_FROM: mailFrom, APP_URL: 'https://app.acme.example/' });
  const { appUrl } = mail;
  return testConfig({ databaseUrl, databaseDirectUrl: databaseUrl, mailUrl, mailFrom: mail.mailFrom, appUrl });
}
