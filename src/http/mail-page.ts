import type { FastifyInstance, FastifyReply } from 'fastify';
import { capturedMail, mailFolder } from '../platform/captured-mail.js';
import { escapeHtml, page } from '../platform/mail.js';

const mostShown = 100;

/** What the app's pages would do with the secret at the end of a link. */
const answers: Record<string, (token: string) => string> = {
  invitations: (token) => `mutation { acceptInvitation(input: { token: "${token}" }) { member { id } } }`,
  'verify-email': (token) => `mutation { verifyEmail(input: { token: "${token}" }) { user { email } } }`,
  'reset-password': (token) =>
    `mutation { resetPassword(input: { token: "${token}", newPassword: "…" }) { session { accessToken } } }`,
};

/**
 * For a newcomer without a mail server and without an app: the messages that were captured, and what their links are good for.
 * Never in production: whoever sees the page can use every link.
 */
export function showCapturedMail(app: FastifyInstance, dataDir: string, graphqlPath: string): void {
  app.get('/mail', async (_, reply) => {
    const messages = await capturedMail(mailFolder(dataDir), mostShown);
    const none = '<p>Nothing has been sent yet. Invite somebody, or sign up.</p>';
    const articles = messages.map(
      ({ to, subject, text }) =>
        `<article><h2>${escapeHtml(subject)}</h2><p>To ${escapeHtml(to)}</p>${withLinks(text)}</article>`,
    );
    return sendPage(reply, 'Captured mail', `<h1>Captured mail</h1>\n${articles.join('<hr>\n') || none}`);
  });
  for (const [path, document] of Object.entries(answers)) {
    app.get<{ Params: { token: string } }>(`/${path}/:token`, async ({ params: { token } }, reply) => {
      const safe = /^[\w-]{1,512}$/.test(token) ? token : '';
      const body = `<h1>This page is your app’s</h1>
<p>Set <code>APP_URL</code> to your app, and links in mail lead there. Until then, run this at
<a href="${graphqlPath}">${graphqlPath}</a>:</p><pre style="white-space:pre-wrap">${escapeHtml(document(safe))}</pre>`;
      return sendPage(reply, 'This page is your app’s', body);
    });
  }
}

function withLinks(text: string): string {
  return text
    .split('\n\n')
    .map((paragraph) => {
      const shown = escapeHtml(paragraph);
      return /^https?:\/\/\S+$/.test(paragraph) ? `<p><a href="${shown}">${shown}</a></p>` : `<p>${shown}</p>`;
    })
    .join('\n');
}

function sendPage(reply: FastifyReply, title: string, body: string): FastifyReply {
  return reply
    .type('text/html; charset=utf-8')
    .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
    .header('referrer-policy', 'no-referrer')
    .header('cache-control', 'no-store')
    .send(page(title, body));
}
