// What is asked for: each case is the same question in places of different sizes, at the beginning of a list or deep inside of it.

import { belongings, sizesUpTo, usualSize } from './data-set.mjs';

const pageOfMembers = `query ($id: ID!, $after: String, $orderBy: MemberOrder) {
  organization(id: $id) {
    members(first: 50, after: $after, orderBy: $orderBy) {
      nodes { id user { fullName email } role { key } teams { name } } pageInfo { endCursor hasNextPage }
    }
  }
}`;
const countOfMembers = 'query ($id: ID!) { organization(id: $id) { members { totalCount } } }';
const memberCount = 'query ($id: ID!) { organization(id: $id) { memberCount } }';
const pageOfOrganizations = `query ($after: String) {
  organizations(first: 25, after: $after) { nodes { id name viewerRole { key } memberCount } pageInfo { endCursor } }
}`;

/** What lists are ordered by, as SQL. */
const orders = { JOINED_AT: 'm.joined_at', NAME: 'lower(u.full_name)' };

/** A page is deep behind so much of the list. */
const depth = 0.9;

/**
 * All cases. Those of one `title` differ by `size` only, and are compared with the one whose size is `usual`.
 *
 * @param ask asks the gateway in the name of a user: `(userId, query, variables)`.
 */
export async function casesOf({ client, ask }, largest) {
  const cases = [];
  for (const place of await organizations(client, sizesUpTo(largest))) {
    for (const field of Object.keys(orders)) cases.push(...(await pagesOfMembers(client, ask, place, field, largest)));
    const { size, userId, id } = place;
    const of = { size, usual: usualSize, userId, variables: { id } };
    const counted = (found) => found === size;
    cases.push(
      {
        ...of,
        title: 'members { totalCount }',
        query: countOfMembers,
        isRight: ({ organization }) => counted(organization.members.totalCount),
      },
      {
        ...of,
        title: 'memberCount',
        query: memberCount,
        isRight: ({ organization }) => counted(organization.memberCount),
      },
    );
  }
  for (const size of belongings) cases.push(...(await pagesOfOrganizations(client, ask, size)));
  return cases;
}

/** The organization of each size, with the user who administrates it. */
async function organizations(client, sizes) {
  const { rows } = await client.query(
    `SELECT o.id, m.user_id AS "userId" FROM organizations o JOIN LATERAL (
       SELECT m.user_id FROM members m JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id
       WHERE m.organization_id = o.id AND r.key = 'administrator' LIMIT 1
     ) m ON true ORDER BY o.id LIMIT $1`,
    [sizes.length],
  );
  return rows.map((row, index) => ({ ...row, size: sizes[index] }));
}

/** The first page in an order, and a deep one. */
async function pagesOfMembers(client, ask, { id, userId, size }, field, largest) {
  const orderBy = { field, direction: 'ASC' };
  const variables = { id, orderBy };
  const { organization } = await ask(userId, pageOfMembers, variables);
  const { before, next } = await placeIn(
    client,
    { by: orders[field], id: 'm.id', from: 'members m JOIN users u ON u.id = m.user_id WHERE m.organization_id = $1' },
    [id, Math.floor(size * depth)],
  );
  const after = moved(organization.members.pageInfo.endCursor, before);
  const first = organization.members.nodes[0].id;
  const page = (which, given, begin) => ({
    title: `members by ${field}, ${which} page`,
    size,
    usual: usualSize,
    ...(size === largest && { isBound: true }),
    userId,
    query: pageOfMembers,
    variables: given,
    isRight: ({ organization: { members } }) =>
      members.nodes[0].id === begin &&
      members.nodes.length === Math.min(50, which === 'first' ? size : size - size * depth),
  });
  return [page('first', variables, first), page('deep', { ...variables, after }, next)];
}

/** The same of the organizations of whoever belongs to so many; a single one has no deep page. */
async function pagesOfOrganizations(client, ask, size) {
  const { rows } = await client.query(
    `SELECT user_id AS "userId" FROM sessions s WHERE (SELECT count(*) FROM members m WHERE m.user_id = s.user_id) = $1
     ORDER BY id DESC LIMIT 1`,
    [size],
  );
  const { userId } = rows[0];
  const { organizations } = await ask(userId, pageOfOrganizations, {});
  const page = (which, variables, begin) => ({
    title: `organizations, ${which} page`,
    size,
    usual: 100,
    userId,
    query: pageOfOrganizations,
    variables,
    isRight: ({ organizations: { nodes } }) => nodes[0].id === begin,
  });
  const first = page('first', {}, organizations.nodes[0].id);
  if (size === 1) return [first];
  const { before, next } = await placeIn(
    client,
    {
      by: 'lower(o.name)',
      id: 'o.id',
      from: 'members m JOIN organizations o ON o.id = m.organization_id WHERE m.user_id = $1',
    },
    [userId, Math.floor(size * depth)],
  );
  return [first, page('deep', { after: moved(organizations.pageInfo.endCursor, before) }, next)];
}

/** The row that stands at a place of a list, and the id of the one that comes next. */
async function placeIn(client, { by, id, from }, values) {
  const { rows } = await client.query(
    `SELECT ${by} AS value, ${id} AS id FROM ${from} ORDER BY 1, 2 OFFSET $2::int - 1 LIMIT 2`,
    values,
  );
  return { before: rows[0], next: rows[1].id };
}

/** The gateway's own cursor, at another row: paging there would take thousands of requests. */
function moved(cursor, { value, id }) {
  const [list] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  return Buffer.from(JSON.stringify([list, value, id])).toString('base64url');
}
