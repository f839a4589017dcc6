// What somebody might send to keep a gateway busy, each up to 1 MB. `round` makes it a text that has not been seen before.

const mebibyte = 1_048_576;
/** What is left of the largest body for the content, beside its frame. */
const room = mebibyte - 1_000;

const times = (count, part, separator = ' ') =>
  Array.from({ length: count }, (_, index) => part(index)).join(separator);
/** As many as there is room for. */
const full = (part, frame = 400) => part.repeat(Math.floor((room - frame) / part.length));
const byLength = (part) => {
  let text = '';
  for (let index = 0; text.length < room - 500; index += 1) text += part(index);
  return text;
};

/** Each fragment spreads the next one twice. */
const doubling = (count) =>
  `{ me { ...F0 } } ${times(count, (i) => `fragment F${i} on User { ...F${i + 1} ...F${i + 1} }`)} fragment F${count} on User { id }`;

/** Every fragment spreads every later one. */
const spreading = (count) =>
  `{ me { ...F0 } } ${times(count, (i) => `fragment F${i} on User { id ${times(count - i - 1, (j) => `...F${i + j + 1}`)} }`)}`;

const introspection = (depth) =>
  `{ __schema { types { fields { type { ${'fields { type { '.repeat(depth)} name ${' } }'.repeat(depth)} } } } } }`;

const id = '00000000-0000-7000-8000-000000000000';
const entry = (index, round) => ({
  startedAt: new Date().toISOString(),
  activeSeconds: 60,
  idempotencyId: `${round}-${index}`,
});
const list = (count, item) => Array.from({ length: count }, (_, index) => item(index));
const record =
  'mutation ($input: RecordActivityInput!) { recordActivity(input: $input) { accepted duplicates rejected { index code } } }';
const createRole = 'mutation ($input: CreateRoleInput!) { createRole(input: $input) { role { id } } }';
const listed =
  'query ($id: ID!, $roles: [String!]) { organization(id: $id) { members(filter: { roleKeys: $roles }) { nodes { id } } } }';
const claims = 'mutation ($input: IssueIntegrationTokenInput!) { issueIntegrationToken(input: $input) { token } }';

/** By name, the text of a document, or what goes with it. */
const texts = {
  'fragments that unfold to 2^40 fields': () => doubling(40),
  'fragments that unfold to 2^99 fields': () => doubling(98),
  '60 fragments that spread all later ones': () => spreading(60),
  '20,000 fragments': () => times(20_000, (i) => `fragment F${i} on User { id }`),
  '3,000 duplicates': () => `{ ${'me { id } '.repeat(3_000)} }`,
  '63 duplicates, nested': () => `{ ${'me { organizations { nodes { id } } } '.repeat(60)} }`,
  '10,000 aliases': () => `{ ${times(10_000, (i) => `a${i}: __typename`)} }`,
  '100 aliases of a mutation that is not open': () => `mutation { ${times(50, (i) => `a${i}: logout { ok }`)} }`,
  '20,000 fields': () => `{ me { ${times(20_000, (i) => `f${i}`)} } }`,
  '990 fields that are nearly right': () => `{ ${times(990, (i) => `organizatio${i % 9}n${i}`)} }`,
  '49 fields that are nearly right': () => `{ ${times(49, (i) => `organizatio${i}`)} }`,
  '700 arguments that are nearly right': () =>
    `{ ${times(40, (i) => `a${i}: organization(${times(15, (j) => `idx${j}: 1`)}) { id }`)} }`,
  '1,000 wrong enum values': () =>
    `{ me { organizations(orderBy: { field: [${times(2_000, (i) => `NAMER${i}`)}] }) { nodes { id } } } }`,
  '10,000 directives': () => `{ me { id ${'@include(if: true) '.repeat(10_000)} } }`,
  '50 unknown directives': () => `{ me { id ${times(50, (i) => `@skipp${i}`)} } }`,
  '10,000 levels': () => `{ ${'a { '.repeat(10_000)}b${' }'.repeat(10_000)} }`,
  '2,000 levels': () => `{ ${'a { '.repeat(2_000)}b${' }'.repeat(2_000)} }`,
  'the schema of the schema of the schema': () => introspection(6),
  '1,200 operations': () => times(1_200, (i) => `query Q${i} { a }`),
  '700 variables': () => `query (${times(700, (i) => `$v${i}: Int`)}) { __typename }`,
  '10,000 variables': () => `query (${times(10_000, (i) => `$v${i}: Int`)}) { __typename }`,
  '400 variables, each in use': () =>
    `query (${times(400, (i) => `$v${i}: ID!`)}) { ${times(49, (i) => `a${i}: organization(id: $v${i}) { id }`)} }`,
  'lists in lists in lists': () => `{ me(a: ${full('[')}) { id } }`,
  '2,400 lists in lists': () => `{ me(a: ${'['.repeat(2_400)}${']'.repeat(2_400)}) { id } }`,
  'objects in objects in objects': () => `{ me(a: ${full('{a:')}) { id } }`,
  '1 MB of opening braces': () => full('{'),
  '1 MB of commas': () => `{ __typename ${full(',')} }`,
  '1 MB of blanks': () => `{ __typename ${full(' ')} }`,
  '1 MB of line breaks': () => `{ __typename ${'\n'.repeat(room / 2 - 500)} }`,
  '1 MB of comment': () => `{ __typename } #${full('a')}`,
  '1 MB of short comments': () => `{ __typename } ${'#\n'.repeat(room / 3 - 500)}`,
  '1 MB of one name': () => `{ ${full('a')} }`,
  '1 MB of one alias': () => `{ ${full('a')}: __typename }`,
  '1 MB of one fragment’s name': () => `{ ...${full('a')} }`,
  '1 MB of one directive’s name': () => `{ __typename @${full('a')} }`,
  '1 MB of one type’s name': () => `query ($a: ${full('a')}) { __typename }`,
  '1 MB of one enum value': () =>
    `{ me { organizations(orderBy: { field: ${full('A')}, direction: ASC }) { nodes { id } } } }`,
  '1 MB of one number': () => `{ me { organizations(first: ${full('9')}) { nodes { id } } } }`,
  '1 MB of one text': () => `{ organizationBySlug(slug: "${full('a')}") { id } }`,
  '1 MB of one id': () => `{ organization(id: "${full('a')}") { id } }`,
  '1 MB of escapes': () => `{ organizationBySlug(slug: "${'\\u0041'.repeat(room / 7 - 200)}") { id } }`,
  '1 MB of one block text': () => `{ organizationBySlug(slug: """${full('a')}""") { id } }`,
  '1 MB of lines in a block text': () => `{ organizationBySlug(slug: """${'\n'.repeat(room / 2 - 500)}""") { id } }`,
  '1 MB of indented lines in a block text': () =>
    `{ organizationBySlug(slug: """${'\n a'.repeat(room / 4 - 500)}""") { id } }`,
  '1 MB of quotes in a block text': () =>
    `{ organizationBySlug(slug: """${'\\"""'.repeat(room / 8 - 200)}""") { id } }`,
  '1 MB of description': () => `"""${full('a')}""" type A { a: Int }`,
  '900 descriptions': () => times(900, (i) => `"""${'a\n '.repeat(280)}""" type A${i} { a: Int }`),
  '1 MB that breaks off in a text': () => `{ organizationBySlug(slug: "${full('a')}`,
  '1 MB of syntax error after 4,990 tokens': () => `{ ${'a '.repeat(4_980)} "${full('b', 10_500)}" }`,
  '90 fragments of 50 long names': () =>
    `{ ...F0 } ${times(9, (i) => `fragment F${i} on Query { ${times(90, (j) => `${'a'.repeat(1_100)}${i}x${j}`)} }`)}`,
  '1 MB of names, 900 of them': () => `{ me { ${times(900, (i) => `${'a'.repeat(1_100)}${i}`)} } }`,
  '1 MB of one line, wrong at its end': () => `{ __typename ${full(' ')} nothing }`,
  '1 MB of lines, wrong at 90 places': () => `{ me { ${times(90, (i) => `${'\n'.repeat(5_000)} wrong${i}`)} } }`,
  'emoji, 1 MB': () => `{ organizationBySlug(slug: "${'😀'.repeat(room / 4 - 200)}") { id } }`,
  'documents in SDL': () => byLength((i) => `type T${i} { a: Int } `),
};

const withVariables = {
  '10,000 items in a list': () => ({ query: listed, variables: { id, roles: list(10_000, (i) => `role${i}`) } }),
  '9,000 items in a list': () => ({ query: listed, variables: { id, roles: list(9_000, (i) => `role${i}`) } }),
  '10,000 wrong items in a list': () => ({ query: listed, variables: { id, roles: list(10_000, () => 7) } }),
  '9,000 wrong items in a list': () => ({ query: listed, variables: { id, roles: list(9_000, () => 7) } }),
  '200,000 items in a list': () => ({ query: listed, variables: { id, roles: list(200_000, () => 'a') } }),
  '10,000 wrong enum values': () => ({
    query: 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }',
    variables: { input: { name: 'a', scopes: list(10_000, () => 'organizations:rea') } },
  }),
  '9,000 wrong enum values in variables': () => ({
    query: 'query ($s: [EventType!]) { me { id } }'.replace('EventType', 'OrderDirection'),
    variables: { s: list(9_000, (i) => `ASCE${i}`) },
  }),
  '10,000 variables that nobody declared': () => ({
    query: '{ __typename }',
    variables: Object.fromEntries(list(10_000, (i) => [`v${i}`, i])),
  }),
  '500 variables, all wrong': () => ({
    query: `query (${times(500, (i) => `$v${i}: Int!`)}) { __typename }`,
    variables: Object.fromEntries(list(500, (i) => [`v${i}`, 'x'])),
  }),
  '9,000 fields that an input does not have': () => ({
    query: record,
    variables: { input: Object.fromEntries(list(9_000, (i) => [`entriez${i}`, i])) },
  }),
  '100,000 fields that an input does not have': () => ({
    query: record,
    variables: { input: Object.fromEntries(list(60_000, (i) => [`e${i}`, i])) },
  }),
  '500,000 lists in lists': () => ({
    raw: `{"query":"{ __typename }","variables":{"a":${'['.repeat(500_000)}${']'.repeat(500_000)}}}`,
  }),
  '100,000 objects in objects': () => ({
    raw: `{"query":"{ __typename }","variables":${'{"a":'.repeat(150_000)}1${'}'.repeat(150_000)}}`,
  }),
  'lists in lists where texts belong': () => ({
    raw: `{"query":${JSON.stringify(listed)},"variables":{"id":"${id}","roles":${'['.repeat(400_000)}${']'.repeat(400_000)}}}`,
  }),
  'lists in lists among the extensions': () => ({
    raw: `{"query":"{ __typename }","extensions":{"a":${'['.repeat(500_000)}${']'.repeat(500_000)}}}`,
  }),
  'lists in lists beside the query': () => ({
    raw: `{"query":"{ __typename }","a":${'['.repeat(500_000)}${']'.repeat(500_000)}}`,
  }),
  'lists in lists for a query': () => ({ raw: `{"query":${'['.repeat(500_000)}${']'.repeat(500_000)}}` }),
  'a batch of 60,000': () => ({ raw: `[${times(60_000, () => '{"query":"{a}"}', ',')}]` }),
  '100,000 keys __proto__': () => ({
    raw: `{"query":"{ __typename }","variables":{"a":[${times(60_000, () => '{"_proto_":1}', ',')}]}}`,
  }),
  '1 MB of numbers': () => ({
    raw: `{"query":"{ __typename }","variables":{"a":[${times(500_000, () => '1', ',')}]}}`,
  }),
  '100,000 digits': () => ({ raw: `{"query":"{ __typename }","variables":{"a":${full('9')}}}` }),
  '1 MB of one variable': () => ({ query: listed, variables: { id: full('a') } }),
  '1 MB of one variable’s emoji': () => ({ query: listed, variables: { id: '😀'.repeat(200_000) } }),
  '1 MB of a name': () => ({
    query: 'mutation ($input: UpdateMeInput!) { updateMe(input: $input) { user { id } } }',
    variables: { input: { fullName: full('a') } },
  }),
  '1 MB of combining marks in a name': () => ({
    query: 'mutation ($input: UpdateMeInput!) { updateMe(input: $input) { user { id } } }',
    variables: { input: { fullName: `a${'\u0316\u0301'.repeat(150_000)}` } },
  }),
  '1 MB of a search': () => ({
    query:
      'query ($id: ID!, $text: String) { organization(id: $id) { members(filter: { search: $text }) { nodes { id } } } }',
    variables: { id, text: '\u0344'.repeat(250_000) },
  }),
  '1 MB of a password': () => ({
    query: 'mutation ($input: LoginInput!) { login(input: $input) { user { id } } }',
    variables: { input: { email: 'a@example.com', password: '\ufdfa'.repeat(200_000) } },
  }),
  '1 MB of an e-mail address': () => ({
    query: 'mutation ($input: LoginInput!) { login(input: $input) { user { id } } }',
    variables: { input: { email: `${full('a')}@example.com`, password: 'abcdefgh' } },
  }),
  '1 MB of a token': () => ({
    query: 'mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { session { accessToken } } }',
    variables: { input: { refreshToken: full('a') } },
  }),
  '1 MB of a cursor': () => ({
    query: 'query ($after: String) { me { organizations(after: $after) { nodes { id } } } }',
    variables: { after: full('a') },
  }),
  '1 MB of a time': () => ({
    query: record,
    variables: { input: { entries: [{ startedAt: full('1'), activeSeconds: 1, idempotencyId: 'a' }] } },
  }),
  '1 MB of claims': () => ({
    query: claims,
    variables: {
      input: { audience: 'https://a.example', claims: { a: list(9_000, (i) => `${'a'.repeat(100)}${i}`) } },
    },
  }),
  '9,000 claims in each other': () => ({
    raw: `{"query":${JSON.stringify(claims)},"variables":{"input":{"audience":"https://a.example","claims":${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}}}}`,
  }),
  '200 permissions': () => ({
    query: createRole,
    variables: { input: { name: 'Role', key: 'a_role', rank: 1, permissions: list(200, (i) => `nothing.n${i}`) } },
  }),
  'an operation’s name of 1 MB': () => ({ query: '{ __typename }', operationName: full('a') }),
  '1,000 activities': (round) => ({
    query: record,
    variables: { input: { entries: list(1_000, (i) => entry(i, round)) } },
  }),
  '1,000 wrong activities': (round) => ({
    query: record,
    variables: {
      input: {
        entries: list(1_000, (i) => ({
          ...entry(i, round),
          activeSeconds: -1,
          teamId: 'x',
          memberId: 'x',
          idempotencyId: '',
        })),
      },
    },
  }),
  '1,000 activities of the wrong type': () => ({
    query: record,
    variables: {
      input: { entries: list(1_000, () => ({ startedAt: 'x', activeSeconds: 'x', idempotencyId: 7, surprise: 1 })) },
    },
  }),
  '1,500 activities': (round) => ({
    query: record,
    variables: { input: { entries: list(1_500, (i) => entry(i, round)) } },
  }),
  '100,000 activities': () => ({ query: record, variables: { input: { entries: list(100_000, () => ({ a: 1 })) } } }),
  '1,000 activities in the document': (round) => ({
    query: `mutation { recordActivity(input: { entries: [${times(330, (i) => `{ startedAt: "${new Date().toISOString()}", activeSeconds: 1, idempotencyId: "d${round}-${i}" }`)}] }) { accepted } }`,
  }),
};

/** Every name with what makes the body of its request. */
export const documents = [
  ...Object.entries(texts).map(([name, text]) => [name, (round) => JSON.stringify({ query: `${text()} #${round}` })]),
  ...Object.entries(withVariables).map(([name, make]) => [
    name,
    (round) => {
      const { raw, query, ...rest } = make(round);
      return raw ?? JSON.stringify({ query: `${query} #${round}`, ...rest });
    },
  ]),
];
