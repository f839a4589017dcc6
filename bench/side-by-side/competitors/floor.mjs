// The floor: node:http and one prepared statement for each kind of request, batched across requests. No GraphQL, no checks.
// PostgreSQL writes the JSON itself, and what it has written is sent as it is.
//
//   node floor.mjs <database url> <connections>

import { createServer } from 'node:http';
import pg from 'pg';

const [url, connections] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: url, max: Number(connections), idleTimeoutMillis: 0 });

/** So many requests at most share a statement, and so many statements are under way at once. */
const mostKeys = 64;
const mostStatements = 3;

/** Answers for one key each, in their order: `key` is a table of the keys, and `json` what is answered. */
const reads = {
  W1: `SELECT json_build_object('id', o.id,
      'members', (SELECT json_agg(json_build_object(
          'user', json_build_object('id', u.id, 'fullName', u.full_name, 'email', u.email),
          'role', json_build_object('key', r.key, 'name', r.name),
          'teams', (SELECT coalesce(json_agg(json_build_object('id', t.id, 'name', t.name)), '[]') FROM team_memberships tm
            JOIN teams t ON t.organization_id = tm.organization_id AND t.id = tm.team_id
            WHERE tm.organization_id = m.organization_id AND tm.member_id = m.id)) ORDER BY m.joined_at, m.id)
        FROM (SELECT * FROM members m WHERE m.organization_id = o.id ORDER BY m.joined_at, m.id LIMIT 50) m
        JOIN users u ON u.id = m.user_id
        JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id),
      'teams', (SELECT json_agg(json_build_object('id', t.id, 'name', t.name))
        FROM (SELECT * FROM teams t WHERE t.organization_id = o.id ORDER BY t.name, t.id LIMIT 20) t),
      'invitations', (SELECT json_agg(json_build_object('id', i.id, 'email', i.email))
        FROM (SELECT * FROM invitations i WHERE i.organization_id = o.id AND i.status = 'PENDING'
          ORDER BY i.created_at DESC, i.id DESC LIMIT 10) i))::text AS json
    FROM unnest($1::uuid[]) WITH ORDINALITY AS key(id, ord) JOIN organizations o ON o.id = key.id ORDER BY key.ord`,
  W2: `SELECT json_build_object('id', o.id, 'name', o.name, 'slug', o.slug,
      'memberCount', (SELECT count(*) FROM members m WHERE m.organization_id = o.id))::text AS json
    FROM unnest($1::uuid[]) WITH ORDINALITY AS key(id, ord) JOIN organizations o ON o.id = key.id ORDER BY key.ord`,
  W3: `SELECT (SELECT json_agg(json_build_object('id', o.id, 'name', o.name, 'slug', o.slug,
        'viewerRole', json_build_object('key', o.key),
        'memberCount', (SELECT count(*) FROM members c WHERE c.organization_id = o.id)))
      FROM (SELECT o.id, o.name, o.slug, r.key FROM members m
        JOIN organizations o ON o.id = m.organization_id
        JOIN roles r ON r.organization_id = m.organization_id AND r.id = m.role_id
        WHERE m.user_id = key.id ORDER BY lower(o.name), o.id LIMIT 25) o)::text AS json
    FROM unnest($1::uuid[]) WITH ORDINALITY AS key(id, ord) ORDER BY key.ord`,
};

const changeRole = `WITH changed AS (
    UPDATE members m SET role_id = r.id, updated_at = now() FROM roles r
    WHERE m.organization_id = $1 AND m.id = $2 AND r.organization_id = m.organization_id AND r.key = $3
      AND r.deleted_at IS NULL
    RETURNING m.id, m.organization_id, r.key
  ), told AS (
    INSERT INTO audit_events (organization_id, id, actor_type, actor_user_id, action, target_type, target_id, changes)
    SELECT organization_id, gen_random_uuid(), 'USER', $4, 'MEMBER_ROLE_CHANGED', 'MEMBER', id, jsonb_build_object('role', key)
    FROM changed
  )
  SELECT json_build_object('id', id, 'role', json_build_object('key', key))::text AS json FROM changed`;

/** Answers many at once: whoever comes while statements are under way waits for the next one. */
function batched(name, text) {
  const waiting = [];
  let running = 0;
  let planned = false;
  const start = () => {
    planned = false;
    while (waiting.length > 0 && running < mostStatements) void next(waiting.splice(0, mostKeys));
  };
  const plan = () => {
    if (planned) return;
    planned = true;
    setImmediate(start);
  };
  const next = async (batch) => {
    running += 1;
    try {
      const { rows } = await pool.query({ name, text, values: [batch.map(({ key }) => key)] });
      batch.forEach(({ resolve }, index) => {
        resolve(rows[index].json);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      running -= 1;
      if (waiting.length > 0) plan();
    }
  };
  return (key) =>
    new Promise((resolve, reject) => {
      waiting.push({ key, resolve, reject });
      plan();
    });
}

const handlers = {
  W1: batched('W1', reads.W1),
  W2: batched('W2', reads.W2),
  W3: batched('W3', reads.W3),
  W4: async (values) => (await pool.query({ name: 'W4', text: changeRole, values })).rows[0].json,
};

const server = createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', async () => {
    try {
      const { workload, key } = JSON.parse(Buffer.concat(parts).toString());
      const body = Buffer.from(`{"data":${await handlers[workload](key)}}`);
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
    } catch (error) {
      response.writeHead(500).end(JSON.stringify({ errors: [{ message: String(error) }] }));
    }
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`ready http://127.0.0.1:${server.address().port}/\n`));
