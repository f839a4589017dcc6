import { letter, type Mail } from '../../platform/mail.js';

interface Offer {
  to: string;
  inviterName: string;
  organizationName: string;
  roleName: string;
  url: string;
  expiresAt: Date;
}

/** The message that carries an invitation's secret. */
export function invitationMail({ to, inviterName, organizationName, roleName, url, expiresAt }: Offer): Mail {
  return letter({
    to,
    subject: `${inviterName} invites you to ${organizationName}`,
    paragraphs: [`${inviterName} invites you to join ${organizationName} as ${roleName}.`],
    link: { label: 'Accept the invitation', url, until: expiresAt },
    closing: 'If you did not expect this, you need not do anything.',
  });
}

/** The same once more, with a new secret. */
export function reminderMail({ to, inviterName, organizationName, roleName, url, expiresAt }: Offer): Mail {
  return letter({
    to,
    subject: `Reminder: ${organizationName} is waiting for you`,
    paragraphs: [
      `${inviterName} reminds you of the invitation to join ${organizationName} as ${roleName}.`,
      'The link in earlier mails no longer works.',
    ],
    link: { label: 'Accept the invitation', url, until: expiresAt },
    closing: 'If you do not want to join, you need not do anything.',
  });
}
