import { mailFolder } from '../../platform/captured-mail.js';
import type { Config } from '../../platform/config.js';
import { sendBySmtp } from '../../platform/smtp.js';
import { type Checked, check, failed, ok, patienceMs, warning } from './check.js';

/** What the gateway reaches out to, and how it is reached. */
export async function checkOutside(config: Config): Promise<Checked[]> {
  return [
    await checkMail(config),
    checkAppUrl(config),
    ...(config.externalIssuer ? [await checkIssuer(config.externalIssuer)] : []),
  ];
}

function checkMail({ mailUrl, mailFrom, dataDir, production }: Config): Promise<Checked> {
  return check(
    'mail',
    'Check MAIL_URL: its host, port, user name and password, and whether it is smtp:// or smtps://.',
    async () => {
      if (!mailUrl || !mailFrom) {
        const captured = `kept in ${mailFolder(dataDir)}, not sent`;
        return production ? warning(captured, 'Set MAIL_URL and MAIL_FROM.') : ok(captured);
      }
      const smtp = sendBySmtp(mailUrl, mailFrom);
      try {
        await smtp.verify();
      } finally {
        smtp.close();
      }
      const { protocol, host, username } = new URL(mailUrl);
      return ok(`${host} answers ${protocol.slice(0, -1)}${username ? ', and lets the user in' : ''}`);
    },
  );
}

function checkAppUrl({ appUrl, production, port }: Config): Checked {
  const name = 'APP_URL';
  if (!appUrl) {
    const message = `links in mail lead to http://localhost:${port}`;
    return { name, ...(production ? warning(message, 'Set APP_URL to the address of your app.') : ok(message)) };
  }
  const { protocol, hostname } = new URL(appUrl);
  const isLocal = /^(localhost|127\.|\[::1\])/.test(hostname);
  if (production && isLocal)
    return { name, ...warning(appUrl, 'Nobody else can follow links there. Set it to your app.') };
  if (production && protocol === 'http:') {
    return { name, ...warning(appUrl, 'Use https: whoever reads a link in a mail may use it.') };
  }
  return { name, ...ok(appUrl) };
}

function checkIssuer({ jwksUrl }: NonNullable<Config['externalIssuer']>): Promise<Checked> {
  return check('AUTH_JWKS_URL', 'Check AUTH_JWKS_URL, and that this machine reaches it.', async () => {
    const answer = await fetch(jwksUrl, { signal: AbortSignal.timeout(patienceMs - 500) });
    const { keys } = (answer.ok ? await answer.json().catch(() => ({})) : {}) as { keys?: unknown[] };
    if (Array.isArray(keys) && keys.length > 0) return ok(`${keys.length} keys`);
    return failed(`the answer (${answer.status}) is no key set with keys`, 'Check AUTH_JWKS_URL.');
  });
}
