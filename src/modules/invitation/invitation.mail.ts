import { escapeHtml, type Mail } from '../../platform/mail.js';

/** The message that carries an invitation's secret. Names are the users' own, so they are inert in HTML and in the subject. */
export function invitationMail(given: {
  to: string;
  inviterName: string;
  organizationName: string;
  roleName: string;
  url: string;
  expiresAt: Date;
}): Mail {
  const { to, inviterName, organizationName, roleName, url } = given;
  const until = `${given.expiresAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const [inviter, organization, role, link] = [inviterName, organizationName, roleName, url].map(escapeHtml);
  return {
    to,
    subject: `${inviterName} invites you to ${organizationName}`,
    text: [
      `${inviterName} invites you to join ${organizationName} as ${roleName}.`,
      `Accept the invitation here, until ${until}:`,
      url,
      'If you did not expect this, you need not do anything.',
    ].join('\n\n'),
    html: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Invitation</title></head><body>
<p>${inviter} invites you to join <strong>${organization}</strong> as ${role}.</p>
<p><a href="${link}">Accept the invitation</a> (until ${until})</p>
<p>If you did not expect this, you need not do anything.</p>
</body></html>`,
  };
}
