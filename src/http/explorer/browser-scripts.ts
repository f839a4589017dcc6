/** Who is signed in where nobody has signed in. */
export interface DemoAccount {
  email: string;
  password: string;
}

/** Text that is JavaScript, to stand inside of a script element. */
export function toScript(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll('<', '\\u003c');
}

/** The organization that is current: one that others are in, too, if there is one. */
const chosen = `const chosen = (nodes) => {
  const organizations = nodes.map(({ organization }) => organization);
  return organizations.find(({ slug }) => slug === 'northwind')
    || organizations.find(({ isPersonal }) => !isPersonal) || organizations[0];
};`;

/**
 * A function for browsers, which asks who is signed in with an access token, and signs in as the demo account if nobody is:
 * tokens live for ten minutes, and those of a database that is no more count for nothing. It is given what sends a document,
 * `ask(query, accessToken)`, which answers with its data or null.
 */
export function sessionSource(account: DemoAccount): string {
  const { email, password } = account;
  const logIn = `mutation { login(input: { email: ${JSON.stringify(email)}, password: ${JSON.stringify(password)} }) { session { accessToken } } }`;
  return `${chosen}
const whoAmI = \`{ me { memberships(first: 20) { nodes { organization {
  id slug isPersonal members(first: 1, filter: { search: "owen" }) { nodes { id } }
} } } } }\`;
const logIn = ${toScript(logIn)};
const sessionOf = async (ask, accessToken) => {
  let found = accessToken ? await ask(whoAmI, accessToken) : null;
  if (!found) {
    accessToken = (await ask(logIn)).login.session.accessToken;
    found = await ask(whoAmI, accessToken);
  }
  const organization = chosen(found.me.memberships.nodes);
  const [member] = organization.members.nodes;
  return { accessToken, organizationId: organization.id, memberId: member && member.id };
};`;
}

/** For Altair, before each request: fills in what headers and variables say as \`{{name}}\`. */
export function beforeRequest(account: DemoAccount): string {
  return `// Signs in as ${account.email} where nobody is signed in. Without this, sign in with the operation "Sign in".
${sessionSource(account)}
const ask = async (query, accessToken) => {
  const headers = accessToken ? { authorization: \`Bearer \${accessToken}\` } : {};
  try {
    const endpoint = altair.helpers.getEnvironment('endpoint');
    return (await altair.helpers.request('POST', endpoint, { body: { query }, headers })).data;
  } catch (error) {
    return null;
  }
};
const kept = altair.helpers.getEnvironment('accessToken');
const session = await sessionOf(ask, kept);
altair.helpers.setEnvironment('accessToken', session.accessToken, session.accessToken !== kept);
altair.helpers.setEnvironment('organizationId', session.organizationId);
altair.helpers.setEnvironment('memberId', session.memberId);`;
}

/** For Altair, after each request: whoever has signed in is who sends all further operations. */
export const afterRequest = `// After a log-in, all further operations are sent by whom you have signed in as.
${chosen}
const read = (body) => {
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(body) || {};
  } catch (error) {
    // A piece of a long answer: Altair puts the pieces together, unless this script fails.
    return {};
  }
};
const { data } = read(altair.response.body);
if (data && data.login) {
  altair.helpers.setEnvironment('accessToken', data.login.session.accessToken, true);
  altair.helpers.setEnvironment('organizationId', chosen(data.login.user.memberships.nodes).id, true);
}`;
