import { beforeAll, describe, expect, it } from 'vitest';
import { aPerson, aWorld } from '../support/world.js';
import * as acts from './acts.js';
import { elementsIn, type HtmlElement } from './html.js';
import { mailFrom, useMailing } from './mailing.js';
import { fieldOf } from './mime.js';
import { type Received, SmtpRefusal } from './smtp-inbox.js';

const mailing = useMailing();

/** What causes each message, for an address: a subject, and where its link leads. */
const templates: [
  name: string,
  subject: string | RegExp,
  path: string | null,
  cause: (to: string) => Promise<unknown>,
][] = [
  [
    'invitation',
    /^Person .+ invites you to Acme$/,
    'invitations',
    async (to) => acts.invite(await aWorld(mailing().gateway), to),
  ],
  [
    'reminder',
    'Reminder: Acme is waiting for you',
    'invitations',
    async (to) => {
      const { gateway } = mailing();
      const world = await aWorld(gateway);
      await acts.remind(gateway, world, await acts.invite(world, to));
    },
  ],
  ['verification', 'Verify your e-mail address', 'verify-email', (to) => acts.signUp(mailing().gateway, to)],
  [
    'reset',
    'Choose a new password',
    'reset-password',
    async (to) => {
      const { gateway } = mailing();
      await aPerson(gateway, { email: to });
      await acts.askForReset(gateway, to);
    },
  ],
  [
    'new owner',
    'Initech is yours to administer',
    'reset-password',
    async (to) => acts.foundFor(await aPerson(mailing().gateway, { isSuperAdmin: true }), to, 'Initech'),
  ],
  [
    'handed over',
    'Initech is yours to administer',
    null,
    async (to) => {
      const { gateway } = mailing();
      await aPerson(gateway, { email: to, emailVerifiedAt: new Date() });
      await acts.foundFor(await aPerson(gateway, { isSuperAdmin: true }), to, 'Initech');
    },
  ],
  [
    'role change',
    'Your role in Acme has changed',
    null,
    async (to) => {
      const { gateway } = mailing();
      const world = await aWorld(gateway);
      const { memberId, user } = await world.join('member');
      await gateway.services.db.prisma.user.update({ where: { id: user.id }, data: { email: to } });
      await acts.giveRole(world, memberId, 'viewer');
    },
  ],
  [
    'change of address',
    'Verify your new e-mail address',
    'verify-email',
    async (to) => acts.askForAddress(await acts.signUp(mailing().gateway, acts.anAddress()), to),
  ],
  [
    'address in use',
    'You already have an account',
    null,
    async (to) => {
      const { gateway } = mailing();
      await aPerson(gateway, { email: to, emailVerifiedAt: new Date() });
      await acts.askForAddress(await acts.signUp(gateway, acts.anAddress()), to);
    },
  ],
  [
    'security notice',
    'Your account was changed',
    null,
    async (to) => acts.changePassword(await acts.signUp(mailing().gateway, to)),
  ],
];

/** Causes a message, and waits for it; others may come before. */
async function caused([, subject, , cause]: (typeof templates)[number]): Promise<Received & { to: string }> {
  const to = acts.anAddress();
  await cause(to);
  const { inbox } = mailing();
  for (let least = 1; ; least += 1) {
    const mails = await inbox.mailFor(to, least);
    const mail = mails.find((candidate) => candidate.subject.match(subject));
    if (mail) return { ...mail, to };
  }
}

const linksOf = (elements: HtmlElement[]) => elements.filter(({ name }) => name === 'a');

describe.each(templates)('the message of %s', (...template) => {
  const [, subject, path] = template;
  let mail: Awaited<ReturnType<typeof caused>>;
  beforeAll(async () => {
    mail = await caused(template);
  });

  it('comes through SMTP with all that a mail program needs', () => {
    expect(mail.envelope).toEqual({ from: 'no-reply@mail.acme.example', to: [mail.to] });
    expect(mail.subject).toMatch(subject);
    expect(mail.fields.map(({ name }) => name).sort()).toEqual([
      'Auto-Submitted',
      'Content-Type',
      'Date',
      'From',
      'MIME-Version',
      'Message-ID',
      'Subject',
      'To',
    ]);
    expect(fieldOf(mail.fields, 'from')).toBe(mailFrom);
    expect(fieldOf(mail.fields, 'to')).toBe(mail.to);
    expect(fieldOf(mail.fields, 'auto-submitted')).toBe('auto-generated');
    expect(fieldOf(mail.fields, 'message-id')).toMatch(
      /^<[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}@mail\.acme\.example>$/,
    );
    expect(Math.abs(Date.parse(fieldOf(mail.fields, 'date')!) - Date.now())).toBeLessThan(60_000);
  });

  it('can be read by everybody, and says the same in both forms', () => {
    const { text, html, subject: title } = mail;
    const elements = elementsIn(html);
    const named = (name: string) => elements.filter((element) => element.name === name);
    expect(named('html')[0]!.attributes).toEqual({ lang: 'en' });
    expect(named('title').map((element) => element.text)).toEqual([title]);
    expect(named('main')).toHaveLength(1);
    const paragraphs = named('p').map((element) => element.text);
    const links = linksOf(elements);
    const lines = text.trim().split('\n\n');
    if (path) {
      const { href } = links[0]!.attributes;
      expect(href).toMatch(new RegExp(`^https://app\\.acme\\.example/${path}/[\\w-]{43}$`));
      expect(lines.filter((line) => line === href)).toHaveLength(1);
      expect(paragraphs).toContain(`If the link cannot be clicked, copy this address: ${href}`);
      const until = /^(.+), until (\d{4}-\d\d-\d\d \d\d:\d\d UTC):$/.exec(lines[lines.indexOf(href!) - 1]!)!;
      expect(paragraphs).toContain(`${until[1]} (until ${until[2]})`);
      expect(links[0]!.text).toBe(until[1]);
    }
    expect(links).toHaveLength(path ? 1 : 0);
    const rest = lines.filter((line) => !/^https:|UTC:$/.test(line));
    expect(rest).toEqual(paragraphs.filter((paragraph) => !/UTC\)$|copy this address/.test(paragraph)));
    expect(rest.length).toBeGreaterThan(1);
  });

  it('has colours that can be told apart', () => {
    const elements = elementsIn(mail.html);
    const styleOf = (name: string) => elements.find((element) => element.name === name)?.attributes.style ?? '';
    const background = /background:(#[0-9a-f]{6})/.exec(styleOf('body'))![1]!;
    const colours = ['body', ...linksOf(elements).map(({ name }) => name)].map(
      (name) => /(?:^|;)color:(#[0-9a-f]{6})/.exec(styleOf(name))![1]!,
    );
    for (const colour of colours) expect(contrast(colour, background)).toBeGreaterThan(4.5);
  });
});

it('a message that is sent again has the same Message-ID', async () => {
  const { inbox, gateway } = mailing();
  const to = acts.anAddress();
  const tried: Received[] = [];
  inbox.manners = (mail) => {
    if (!mail.envelope.to.includes(to)) return;
    tried.push(mail);
    if (tried.length < 2) throw new SmtpRefusal(451);
  };
  await acts.invite(await aWorld(gateway), to);
  await inbox.mailFor(to);
  const ids = tried.map(({ fields }) => fieldOf(fields, 'message-id'));
  expect(ids).toEqual([ids[0], ids[0]]);
});

/** The ratio of WCAG 2. */
function contrast(...colours: [string, string]): number {
  const [dark, light] = colours.map(luminance).sort((one, other) => one - other) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((start) => {
    const part = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
