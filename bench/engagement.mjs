// Measures how long the engagement dashboard takes with every part, and recording 1,000 entries, in an organization with 1,000
// members and two million entries in a year; and whether the dashboard takes longer with a longer history behind it. Exits 1 if
// a median is beyond its target.
//
//   node bench/engagement.mjs [entries in a year] [entries in a year of the organizations with a longer history] [samples]
//
// Those are three organizations side by side, with the activity of 1, 4 and 16 years. One client asks for one thing after the
// other, in an order that is another one each time, over HTTP. It takes a machine that does nothing else for ten minutes.

import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { buildIfNeeded } from '../scripts/build.mjs';

await buildIfNeeded();
const { aFounder, addHistories, addMembers, anOrganization, zone } = await import('./engagement-history.mjs');
const { startGateway } = await import('../dist/gateway.js');
const { addDays, todayIn } = await import('../dist/modules/engagement/engagement.range.js');
const { readConfig } = await import('../dist/platform/config.js');
const { startEmbeddedPostgres } = await import('../dist/platform/embedded-postgres.js');
const { createLog } = await import('../dist/platform/log.js');

const perYear = Number(process.argv[2] ?? 2_000_000);
const perYearOfGrowth = Number(process.argv[3] ?? 250_000);
const samples = Number(process.argv[4] ?? 40);
const members = 1_000;
const batch = 1_000;
const histories = [1, 4, 16];
// A connection plans a statement anew the first five times, and there are sixteen.
const warmUps = 10;
const targets = { 30: 150, 366: 600, [batch]: 100 };
/** How much longer it may take with sixteen times the history. */
const mostGrowth = 1.5;

const kpi = '{ key label value previousValue delta deltaPercent unit direction }';
const parts = `organization { id name } team { id name }
  range { startDate endDate previousStartDate previousEndDate days timezone }
  kpis ${kpi}
  pulse { days { date activeSeconds sessions level } summary { totalActiveSeconds totalSessions activeDays periodStart periodEnd } }
  trend { date totalHours averageHoursPerMember }
  activityDistribution { bucket label minSeconds maxSeconds memberCount }
  retention {
    periods
    cohorts { cohort startDate size periods { period label retainedMembers rate } }
    metrics ${kpi}
    topCohorts { cohort startDate size week1Rate latestRate retainedLatest }
  }
  memberActivity(first: 25) {
    nodes { member { id user { fullName } } activeSeconds sessions activeDays lastActiveAt status }
  }
  memberDirectory(first: 25) {
    nodes {
      user { id fullName email } joinedAt plan accountStatus status lastActiveAt
      affiliations { organization { id name } team { id name } }
    }
  }
  sessions(first: 10) { nodes { id user { id fullName } startedAt activeSeconds team { id name } } }`;

const ofOrganization = `query ($id: ID!, $teamId: ID, $startDate: Date, $endDate: Date) {
  organization(id: $id) { engagement(teamId: $teamId, startDate: $startDate, endDate: $endDate) { ...dashboard } }
}
fragment dashboard on Engagement { ${parts} }`;

const ofMember = `query ($id: ID!, $memberId: ID!, $startDate: Date, $endDate: Date) {
  organization(id: $id) { member(id: $memberId) { engagement(startDate: $startDate, endDate: $endDate) { ...dashboard } } }
}
fragment dashboard on Engagement { ${parts} }`;

const record = `mutation ($input: RecordActivityInput!) {
  recordActivity(input: $input) { accepted duplicates rejected { index code message } }
}`;

function asking(url) {
  return async (query, variables, headers = {}) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = await response.json();
    if (errors) throw new Error(errors[0].message);
    return data;
  };
}

/** An organization with its members, whose history is still to be written. */
async function begin(ask, db, founder, name, history) {
  const place = await anOrganization(ask, founder, name);
  return { place, people: await addMembers(db, place, { members, years: history.years }), ...history };
}

function lastDays(days) {
  const endDate = todayIn(zone);
  return { startDate: addDays(endDate, 1 - days), endDate };
}

/** A dashboard to ask for. What it answers is looked at, so that nothing fast and empty is measured. */
function dashboard(ask, founder, days, { place, people }, { teamId, memberId } = {}) {
  const variables = { id: place.organizationId, teamId, memberId, ...lastDays(days) };
  const query = memberId ? ofMember : ofOrganization;
  return async () => {
    const { organization } = await ask(query, variables, founder);
    const { pulse, sessions, memberActivity, memberDirectory } = (organization.member ?? organization).engagement;
    const expected = memberId ? 1 : Math.min(25, people.length);
    const complete = pulse.days.length === days && pulse.summary.totalSessions > 0 && sessions.nodes.length === 10;
    if (!complete || memberActivity.nodes.length !== expected || memberDirectory.nodes.length !== expected)
      throw new Error('The dashboard is not complete.');
  };
}

/** Entries of all members, of the last three weeks. */
function recording(ask, { place, people }) {
  return async () => {
    const entries = Array.from({ length: batch }, (_, index) => {
      const { memberId, teamId } = people[index % people.length];
      const startedAt = new Date(Date.now() - Math.random() * 21 * 86_400_000);
      const isInTeam = index % 10 !== 8;
      return { memberId, ...(isInTeam && { teamId }), startedAt, activeSeconds: 600, idempotencyId: randomUUID() };
    });
    const { recordActivity } = await ask(
      record,
      { input: { organizationId: place.organizationId, entries } },
      place.key,
    );
    if (recordActivity.accepted !== batch) throw new Error(`Rejected: ${recordActivity.rejected[0]?.message}`);
  };
}

/** Runs every case so often, each round in another order, and returns the milliseconds of each. */
async function measure(cases) {
  const times = Object.fromEntries(Object.keys(cases).map((name) => [name, []]));
  for (let round = 0; round < warmUps + samples; round += 1) {
    const order = Object.keys(cases).map((name) => ({ name, at: Math.random() }));
    for (const { name } of order.sort((a, b) => a.at - b.at)) {
      const startedAt = performance.now();
      await cases[name]();
      if (round >= warmUps) times[name].push(performance.now() - startedAt);
    }
  }
  return times;
}

function quantile(times, part) {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
}

const ms = (time) => `${time.toFixed(1)} ms`;
const say = (...cells) =>
  process.stdout.write(`${cells.map((cell, n) => (n ? cell.padStart(12) : cell.padEnd(36))).join('')}\n`);

/** Prints a line for each case, and says whether all targets were met. */
function report(times) {
  say('', 'p50', 'p95', 'target');
  return Object.entries(times).map(([name, taken]) => {
    const target = targets[/^\d+/.exec(name)[0]];
    say(name, ms(quantile(taken, 0.5)), ms(quantile(taken, 0.95)), `${target} ms`);
    return quantile(taken, 0.5) < target;
  });
}

function reportGrowth(times) {
  say('', ...histories.map((years) => `${years}×`), `${histories.at(-1)}× to 1×`);
  return [30, 366].map((days) => {
    const medians = histories.map((years) => quantile(times[`${years} ${days}`], 0.5));
    const ratio = medians.at(-1) / medians[0];
    say(`${days} days`, ...medians.map(ms), ratio.toFixed(2));
    return ratio <= mostGrowth;
  });
}

async function run(url, services, db) {
  const ask = asking(url);
  const founder = await aFounder(ask);
  const main = await begin(ask, db, founder, 'A Year', { perYear, years: 1 });
  const grown = [];
  for (const years of histories) {
    grown.push(await begin(ask, db, founder, `Years ${years}`, { perYear: perYearOfGrowth, years }));
  }
  const startedAt = performance.now();
  await addHistories(db, services, [main, ...grown]);
  const { rows } = await db.query(
    'SELECT (SELECT count(*) FROM activity_entries)::int AS entries, (SELECT count(*) FROM activity_days)::int AS days',
  );
  say(
    `${rows[0].entries} entries and ${rows[0].days} rows of daily figures, loaded in ${((performance.now() - startedAt) / 1_000).toFixed()} s`,
  );

  const [teamId] = main.place.teamIds;
  const { memberId } = main.people[0];
  const times = await measure({
    '30 days': dashboard(ask, founder, 30, main),
    '366 days': dashboard(ask, founder, 366, main),
    '30 days of a team': dashboard(ask, founder, 30, main, { teamId }),
    '366 days of a team': dashboard(ask, founder, 366, main, { teamId }),
    '30 days of a member': dashboard(ask, founder, 30, main, { memberId }),
    '366 days of a member': dashboard(ask, founder, 366, main, { memberId }),
    [`${batch} entries to record`]: recording(ask, main),
  });
  const met = report(times);
  const growth = await measure(
    Object.fromEntries(
      grown.flatMap((history) =>
        [30, 366].map((days) => [`${history.years} ${days}`, dashboard(ask, founder, days, history)]),
      ),
    ),
  );
  met.push(...reportGrowth(growth));
  say(`${samples} samples each, in turn`);
  return met.every(Boolean);
}

const dataDir = await mkdtemp(join(tmpdir(), 'tenantry-bench-'));
const postgres = await startEmbeddedPostgres({ dataDir });
try {
  const config = { ...readConfig({ PORT: '0', TENANTRY_SEED: 'none' }), dataDir, databaseUrl: postgres.url };
  const gateway = await startGateway(config, createLog('error'));
  const db = new pg.Client({ connectionString: postgres.url });
  try {
    await db.connect();
    if (!(await run(gateway.url, gateway.services, db))) process.exitCode = 1;
  } finally {
    await db.end();
    await gateway.stop();
  }
} finally {
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
}
