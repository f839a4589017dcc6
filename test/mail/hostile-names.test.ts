import { describe, expect, it } from 'vitest';
import { codeOf } from '../support/client.js';
import { aPerson, aWorld, type World, write } from '../support/world.js';
import * as acts from './acts.js';
import { elementsIn } from './html.js';
import { mailFrom, useMailing } from './mailing.js';
import { fieldOf } from './mime.js';
import type { Received } from './smtp-inbox.js';

const mailing = useMailing();

const names: [kind: string, name: string][] = [
  ['HTML', '<b>Acme</b><a href="https://evil.example/">here</a>'],
  ['a script', '<script>alert(document.domain)</script>'],
  ['the end of the text and of an attribute', `</p></main></body>"><img src=x onerror="alert('Acme')">`],
  ['quotes', `Acme "the 'best'", <boss@evil.example>`],
  ['references', '&lt;script&gt; &amp;amp; &#60;'],
  ['a comment', '<!-- --><![CDATA[ ]]> <?php ?>'],
  ['a full URL', 'https://evil.example/invitations/free-money'],
  ['another scheme', 'javascript:alert(1)'],
  ['encoded words', '=?utf-8?q?=0D=0ABcc:_victim@evil.example?='],
  ['encoded words and more', `👩‍👩‍👧‍👦=?utf-8?b?4oCu?=${'€'.repeat(60)} `.trim()],
  ['right-to-left text', 'שלום עולם مرحبا'],
  ['emoji of several parts', '👩‍👩‍👧‍👦 Ünïcödé 🇪🇺'],
  ['the longest that goes, of one character', '€'.repeat(100)],
  ['the longest that goes, of markup', '<'.repeat(100)],
  ['dots on lines of their own', '.'],
];

/** None of these can be had through the API, but the message must not depend on that. */
const pastValidation: [kind: string, name: string][] = [
  ['a header', 'Acme\r\nBcc: victim@evil.example'],
  ['headers and a body', 'Acme\r\nBcc: victim@evil.example\r\n\r\n<html><script>alert(1)</script>'],
  ['single line breaks', 'Acme\nCc: victim@evil.example\rReply-To: victim@evil.example'],
  ['the end of the message', 'Acme\r\n.\r\nMAIL FROM:<a@evil.example>\r\nRCPT TO:<victim@evil.example>\r\nDATA'],
  ['NUL and other controls', 'Ac\u0000me\u001b[31m\u007f'],
  ['an override of the direction', '\u202egro.elpmaxe\u202c'],
  ['half a character', 'Acme \ud83d'],
  ['a name of 100,000 characters', 'Acme '.repeat(20_000)],
];

/** An organization whose name, founder and role are all called that. */
async function aWorldCalled(name: string): Promise<World> {
  const { gateway } = mailing();
  const world = await aWorld(gateway);
  const { organization, admin, roles } = world;
  const id = roles.member!;
  await gateway.services.db.prisma.user.update({ where: { id: admin.user.id }, data: { fullName: name } });
  await gateway.services.db.prisma.organization.update({ where: { id: organization.id }, data: { name } });
  await write(gateway, (set) => set.update('roles', { organizationId: organization.id, id, name }));
  return world;
}

/** Whatever a name holds, the message has the headers, the recipient and the elements of every other one. */
function expectInert({ envelope, fields, html, text }: Received, to: string, path: string | null): void {
  expect(envelope).toEqual({ from: 'no-reply@mail.acme.example', to: [to] });
  expect(
    fields
      .map(({ name }) => name)
      .sort()
      .join(),
  ).toBe('Auto-Submitted,Content-Type,Date,From,MIME-Version,Message-ID,Subject,To');
  expect(fieldOf(fields, 'to')).toBe(to);
  expect(fieldOf(fields, 'from')).toBe(mailFrom);
  const elements = elementsIn(html);
  const body = ['p', ...(path ? ['p', 'a', 'p'] : []), 'p'];
  const kinds = elements.map(({ name }) => name).join();
  expect(kinds.replace('main,p,p,p,a', 'main,p,p,a')).toBe(
    ['html', 'head', 'meta', 'meta', 'title', 'body', 'main', ...body].join(),
  );
  for (const { name, attributes } of elements) {
    const allowed: Record<string, string[]> = { html: ['lang'], body: ['style'], a: ['href', 'style'] };
    const known = name === 'meta' ? Object.keys(attributes) : (allowed[name] ?? []);
    expect(Object.keys(attributes)).toEqual(known);
  }
  const links = elements.filter(({ name }) => name === 'a').map(({ attributes }) => attributes.href);
  expect(links).toEqual(
    path ? [expect.stringMatching(new RegExp(`^https://app\\.acme\\.example/${path}/[\\w-]{43}$`))] : [],
  );
  // No line of the text is a link but ours, so no program takes another one for it.
  expect(text.split('\n').filter((line) => /^https?:\S+$/.test(line))).toEqual(links);
}

describe('a name that holds', () => {
  it.each(names)('%s is shown as it is, in an invitation', async (_, name) => {
    const to = acts.anAddress();
    await acts.invite(await aWorldCalled(name), to);
    const [mail] = await mailing().inbox.mailFor(to);
    expectInert(mail!, to, 'invitations');
    const sentence = `${name} invites you to join ${name} as ${name}.`;
    expect(mail!.subject).toBe(`${name} invites you to ${name}`);
    expect(mail!.text.split('\n')).toContain(sentence);
    const elements = elementsIn(mail!.html);
    expect(elements.filter((element) => element.name === 'p')[0]!.text).toBe(sentence);
  });

  it.each(pastValidation)('%s adds nothing to an invitation, even if it came past validation', async (kind, name) => {
    const to = acts.anAddress();
    const organization = kind.startsWith('NUL') || kind.startsWith('half') ? name.replace(/[\0\ud83d]/g, '') : name;
    await acts.invite(await aWorldCalled(organization), to);
    const [mail] = await mailing().inbox.mailFor(to);
    expectInert(mail!, to, 'invitations');
  });

  it('markup is as harmless in every other message that names somebody', async () => {
    const { gateway, inbox } = mailing();
    const name = `<a href="https://evil.example/">Acme</a>`;
    const world = await aWorldCalled(name);
    const [invited, owner, heir] = [acts.anAddress(), acts.anAddress(), acts.anAddress()];
    await acts.remind(gateway, world, await acts.invite(world, invited));
    const reminder = (await inbox.mailFor(invited, 2)).find(({ subject }) => subject.startsWith('Reminder'));
    expectInert(reminder!, invited, 'invitations');
    const superAdmin = await aPerson(gateway, { isSuperAdmin: true });
    await acts.foundFor(superAdmin, owner, name);
    expectInert((await inbox.mailFor(owner))[0]!, owner, 'reset-password');
    await aPerson(gateway, { email: heir, emailVerifiedAt: new Date() });
    await acts.foundFor(superAdmin, heir, name);
    expectInert((await inbox.mailFor(heir))[0]!, heir, null);
    const { memberId, user } = await world.join('viewer');
    await acts.giveRole(world, memberId, 'member');
    expectInert((await inbox.mailFor(user.email))[0]!, user.email, null);
  });
});

describe('an address', () => {
  it.each([
    'a@b.example, victim@evil.example',
    'a@b.example\r\nBcc: victim@evil.example',
    'Somebody <a@b.example>',
    '"a@b.example victim"@evil.example',
    'a@b.example;victim@evil.example',
    'undisclosed:a@b.example,victim@evil.example;',
    '<a@b.example>',
    'a@b.example> SIZE=1',
    'a@[127.0.0.1]',
    'ä@b.example',
  ])('%j is refused, before there is a message', async (email) => {
    const world = await aWorld(mailing().gateway);
    const input = { organizationId: world.organization.id, email, role: 'member' };
    const answer = await world.admin.send(
      'mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { invitation { id } } }',
      { input },
    );
    expect(codeOf(answer)).toBe('BAD_USER_INPUT');
  });

  it.each([
    `o'brien+tag!#$%&*/=?^_{|}~-\`@sub.example.com`,
    '-oQ/tmp@example.com',
    '=?utf-8?q?a?=@example.com',
    `${'x'.repeat(64)}@${'y'.repeat(63)}.${'z'.repeat(63)}.example`,
    'Mixed.Case@Example.COM',
  ])('%s of odd characters gets its message, and nobody else does', async (email) => {
    const { gateway, inbox } = mailing();
    await acts.invite(await aWorld(gateway), email);
    // Domains count in any case.
    const spelt = email.replace(/@.*/, (domain) => domain.toLowerCase());
    const [mail] = await inbox.mailFor(spelt);
    expect(mail!.envelope.to).toEqual([spelt]);
  });
});
