// Who calls, and for what: drawn at random from the data set, with real tokens for each caller.

import { createAccessTokens } from '../../dist/auth/access-token.js';
import { openSigningKeys, rotateSigningKeys } from '../../dist/auth/signing-keys.js';
import { ownIssuer } from '../../dist/platform/config.js';
import { openDatabase } from '../../dist/platform/database.js';
import { createLog } from '../../dist/platform/log.js';
import { createSeal } from '../../dist/platform/secret.js';
import { secret } from './servers.mjs';

/** So many different requests of each workload; each is sent many times, in no order. */
const most = 1_000;

/** The two roles between which members are moved. */
export const roles = ['member', 'developer'];

/** As many members of each organization: all organizations are as likely. */
const someOf = (select, condition) => `
  SELECT ${select} FROM organizations o CROSS JOIN LATERAL (
    SELECT m.* FROM members m JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id
    WHERE m.organization_id = o.id AND ${condition}
    ORDER BY random() LIMIT ceil($1 / (SELECT count(*) FROM organizations)::numeric)
  ) m ORDER BY random() LIMIT $1`;

/** Members who may see the people of their organization. */
const readers = someOf('o.id AS "organizationId", m.user_id AS "userId"', `r.key <> 'viewer'`);

/** Members who can get another role, and an administrator of theirs, who may give it. */
const targets = someOf(
  `o.id AS "organizationId", m.id AS "memberId", (
    SELECT a.user_id FROM members a JOIN roles r ON r.organization_id = a.organization_id AND r.id = a.role_id
    WHERE a.organization_id = o.id AND r.key = 'administrator' ORDER BY a.id LIMIT 1
  ) AS "userId"`,
  'r.key = ANY($2)',
);

/** Users who belong somewhere. */
const belonging = `
  SELECT user_id AS "userId", min(organization_id::text) AS "membershipOf" FROM members GROUP BY user_id
  ORDER BY random() LIMIT $1`;

/** Draws what is asked for: the contents of the requests of each workload. */
export async function drawContents(client) {
  const draw = async (text, ...more) => (await client.query(text, [most, ...more])).rows;
  const pages = await draw(readers);
  return { W1: pages, W2: pages, W3: await draw(belonging), W4: await draw(targets, roles) };
}

/** Says which role each target has at this moment. */
export async function withRoles(client, contents) {
  const { rows } = await client.query(
    `SELECT m.id, r.key FROM members m JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id
     WHERE m.id = ANY($1)`,
    [contents.map(({ memberId }) => memberId)],
  );
  const byMember = new Map(rows.map(({ id, key }) => [id, key]));
  return contents.map((content) => ({ ...content, role: byMember.get(content.memberId) }));
}

/** Signs tokens as the gateway does, with its own key, for the session that each user has in the data set. */
export async function openTokens(url, client) {
  const db = openDatabase({ url, poolSize: 1, log: createLog('silent') });
  const seal = createSeal(Buffer.from(secret, 'base64'));
  await rotateSigningKeys(db, seal);
  const tokens = createAccessTokens(await openSigningKeys(db, seal), ownIssuer);
  return {
    /** A token for each of the users, by their ids. */
    async issue(userIds) {
      const { rows } = await client.query(
        'SELECT user_id AS "userId", id AS "sessionId" FROM sessions WHERE user_id = ANY($1) AND revoked_at IS NULL',
        [[...new Set(userIds)]],
      );
      const issued = rows.map(async (row) => [row.userId, (await tokens.issue(row)).accessToken]);
      return new Map(await Promise.all(issued));
    },
    close: () => db.close(),
  };
}
