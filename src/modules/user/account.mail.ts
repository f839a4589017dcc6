import { letter, type Mail } from '../../platform/mail.js';

interface Link {
  to: string;
  url: string;
  until: Date;
}

/** Asks whoever owns the address of a new account to prove it. */
export function verificationMail({ to, url, until }: Link): Mail {
  return letter({
    to,
    subject: 'Verify your e-mail address',
    paragraphs: ['Somebody has made an account with this e-mail address.'],
    link: { label: 'If it was you, verify the address', url, until },
    closing: 'If it was not you, you need not do anything: nobody can use your address without this link.',
  });
}

/** Lets the owner of an account choose a new password. */
export function resetMail({ to, url, until }: Link): Mail {
  return letter({
    to,
    subject: 'Choose a new password',
    paragraphs: ['Somebody has asked for a new password for your account. It ends all sessions.'],
    link: { label: 'Choose a new password', url, until },
    closing: 'If it was not you, you need not do anything: your password stays as it is.',
  });
}

/** Lets somebody into an account that was made for them together with an organization. */
export function newOwnerMail({ to, url, until, organizationName }: Link & { organizationName: string }): Mail {
  return letter({
    to,
    subject: `${organizationName} is yours to administer`,
    paragraphs: [`You have been made the administrator of ${organizationName}.`],
    link: { label: 'Choose a password and sign in', url, until },
    closing: 'If you did not expect this, you need not do anything.',
  });
}

/** Tells somebody who has an account already of an organization that was handed over. */
export function handedOverMail({ to, organizationName }: { to: string; organizationName: string }): Mail {
  return letter({
    to,
    subject: `${organizationName} is yours to administer`,
    paragraphs: [`You have been made the administrator of ${organizationName}. Sign in as always to find it.`],
    closing: 'If you did not expect this, you may leave the organization.',
  });
}

/** Asks whoever owns the new address of an account to prove it. */
export function newAddressMail({ to, url, until }: Link): Mail {
  return letter({
    to,
    subject: 'Verify your new e-mail address',
    paragraphs: ['Somebody wants to sign in with this e-mail address from now on.'],
    link: { label: 'If it was you, verify the address', url, until },
    closing: 'If it was not you, you need not do anything.',
  });
}

/** Tells the owner of an account that somebody has tried to use its address for another one. Only the owner learns of it. */
export function addressInUseMail({ to }: { to: string }): Mail {
  return letter({
    to,
    subject: 'You already have an account',
    paragraphs: [
      'Somebody wanted to use this e-mail address for an account, but there is one already, which is yours.',
      'If it was you, sign in to it. If you do not remember the password, ask for a new one.',
    ],
    closing: 'If it was not you, you need not do anything: nobody got into your account.',
  });
}

/** Tells the owner of an account of a change that a thief would make. */
export function securityMail({ to, what }: { to: string; what: string }): Mail {
  return letter({
    to,
    subject: 'Your account was changed',
    paragraphs: [what],
    closing: 'If it was not you, ask for a new password at once: that ends all sessions.',
  });
}
