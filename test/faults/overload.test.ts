import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { found, register } from './people.js';
import { ask, bearing } from './requests.js';
import { figure, size, useTopology } from './use-topology.js';

// One gateway, without anything before it, is offered ten times what it can do.

const seconds = size('FAULT_OVERLOAD_SECONDS', 30);
const peakSeconds = Math.min(10, seconds) / 2;
/** The median of so many floods, each between two measurements of the peak, so that what else the machine does counts less. */
const floods = 3;
const times = size('FAULT_OVERLOAD_TIMES', 10);
/** How much of its peak the gateway has to keep, in per cent. */
const least = size('FAULT_OVERLOAD_SHARE', 80);
const generators = 2;
/** So many callers, each with its own page: what many ask for alike at the same moment is read once, which is no load. */
const callers = 20;

const topology = useTopology({ replicas: 1, standby: false, pooler: false, balancer: false });

interface Count {
  sent: number;
  good: number;
  late: number;
  refused: number;
  other: number;
  lost: number;
  unsent: number;
}

const page = `query Page($id: ID!) { organization(id: $id) { name members(first: 50) { nodes {
  id user { fullName email } role { key name } teams { name }
} } } }`;

describe('a gateway that is offered ten times what it can do', () => {
  let wires: string[];

  beforeAll(async () => {
    wires = [];
    for (let caller = 0; caller < callers; caller += 1) wires.push(await aCaller());
  });

  /** Somebody with an organization of 50 members, and the request for a page of it. */
  async function aCaller(): Promise<string> {
    const { url } = topology();
    const account = await register(url);
    const { organizationId } = await found(url, account);
    await fill(organizationId);
    const asked = { query: page, variables: { id: organizationId }, extensions: { cost: true } };
    const { data } = await ask(url, asked, bearing(account.accessToken));
    expect(data.organization.members.nodes).toHaveLength(50);
    const body = JSON.stringify({ query: page, variables: { id: organizationId } });
    return Buffer.from(
      `POST /graphql HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n` +
        `Authorization: Bearer ${account.accessToken}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    ).toString('base64');
  }

  it('does four fifths of what it can do, and says throughout that it lives', async () => {
    const { port, url, pid } = topology().gateways[0]!;
    await generate({ connections: 16 }, 3);
    const memoryBefore = memoryOf(pid()!);
    const peaks = [await peak()];
    const shares: number[] = [];
    for (let round = 0; round < floods; round += 1) {
      const before = peaks.at(-1)!;
      const goodput = await flood(before);
      await sleep(2_000);
      const after = await peak();
      peaks.push(after);
      shares.push((200 * goodput) / (before + after));
    }
    const share = median(shares);
    figure(
      `peak ${list(peaks)} pages of 50 members a second; meanwhile ${list(shares)} % of it; memory ${memoryBefore} MB before, ` +
        `${memoryOf(pid()!)} MB after`,
    );
    expect(topology().gateways[0]!.faults).toEqual([]);
    expect(share).toBeGreaterThanOrEqual(least);
    expect(peaks.at(-1)! / peaks[0]!).toBeGreaterThanOrEqual(least / 100);

    async function peak(): Promise<number> {
      return rateOf(await generate({ connections: 16 }, peakSeconds), peakSeconds);
    }

    /** How many pages a second it answers in time while it is offered so many times its peak. */
    async function flood(most: number): Promise<number> {
      const watch = watchHealth(url, pid()!);
      const count = await generate({ connections: 300, rate: (times * most) / generators }, seconds);
      const { probes, worstMs, failed, highest } = await watch.end();
      const goodput = rateOf(count, seconds);
      figure(
        `offered ${((count.sent + count.unsent) / seconds).toFixed(0)} a second for ${seconds} s: ${goodput.toFixed(0)} a second ` +
          `answered within 2 s; ${describeCount(count)}; memory ${highest} MB at most`,
      );
      figure(`/healthz meanwhile: ${probes} probes, ${failed} failed, the slowest took ${worstMs.toFixed(0)} ms`);
      expect(failed).toBe(0);
      expect(worstMs).toBeLessThan(1_000);
      expect(highest).toBeLessThan(memoryBefore + 500);
      return goodput;
    }

    async function generate(how: { connections: number; rate?: number }, duration: number): Promise<Count> {
      const options = JSON.stringify({ port, requests: wires, seconds: duration, ...how });
      const counts = await Promise.all(
        Array.from({ length: generators }, async () => {
          const { stdout } = await promisify(execFile)(process.execPath, [
            join(import.meta.dirname, 'load.mjs'),
            options,
          ]);
          return JSON.parse(stdout) as Count;
        }),
      );
      const add = (field: keyof Count) => counts.reduce((sum, count) => sum + count[field], 0);
      return {
        sent: add('sent'),
        good: add('good'),
        late: add('late'),
        refused: add('refused'),
        other: add('other'),
        lost: add('lost'),
        unsent: add('unsent'),
      };
    }
  });

  /** Fifty members in ten teams. */
  async function fill(organizationId: string): Promise<void> {
    const { query } = topology().primary;
    const uuid = (kind: string) => `md5('${kind}' || n)::uuid`;
    const statements = [
      `INSERT INTO users (id, email, full_name) SELECT ${uuid('user')}, 'colleague-' || n || '@example.com', 'Colleague ' || n
       FROM generate_series(1, 49) n ON CONFLICT DO NOTHING`,
      `INSERT INTO members (organization_id, id, user_id, role_id) SELECT $1, ${uuid('member')}, ${uuid('user')}, r.id
       FROM generate_series(1, 49) n, roles r WHERE r.organization_id = $1 AND r.key = 'member'`,
      `INSERT INTO teams (organization_id, id, name, slug) SELECT $1, ${uuid('team')}, 'Team ' || n, 'team-' || n
       FROM generate_series(0, 9) n`,
      `INSERT INTO team_memberships (organization_id, id, team_id, member_id)
       SELECT $1, ${uuid('place')}, md5('team' || n % 10)::uuid, ${uuid('member')} FROM generate_series(1, 49) n`,
      'ANALYZE',
    ];
    for (const text of statements) await query(text, text.includes('$1') ? [organizationId] : [], 'tenantry');
  }
});

function rateOf({ good }: Count, duration: number): number {
  return good / duration;
}

function median(figures: readonly number[]): number {
  return figures.toSorted((one, other) => one - other)[Math.floor(figures.length / 2)]!;
}

function list(figures: readonly number[]): string {
  return figures.map((each) => each.toFixed(0)).join(', ');
}

function describeCount({ late, refused, other, lost, unsent }: Count): string {
  return `${refused} refused with 503, ${late} late, ${other} with another status, ${lost} lost, ${unsent} not sent`;
}

/** Asks for the gateway's health ten times a second, each time on a new connection, and looks how much memory it has. */
function watchHealth(url: string, pid: number) {
  let isOver = false;
  const seen = { probes: 0, worstMs: 0, failed: 0, highest: 0 };
  const watching = (async () => {
    while (!isOver) {
      const startedAt = performance.now();
      const status = await healthOf(url).catch(() => 0);
      seen.probes += 1;
      seen.worstMs = Math.max(seen.worstMs, performance.now() - startedAt);
      if (status !== 200) seen.failed += 1;
      seen.highest = Math.max(seen.highest, memoryOf(pid));
      await sleep(100);
    }
  })();
  return {
    async end() {
      isOver = true;
      await watching;
      return seen;
    },
  };
}

function healthOf(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/healthz`, { agent: false, timeout: 5_000 }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode!));
    });
    sent.once('timeout', () => sent.destroy(new Error('No answer')));
    sent.once('error', reject).end();
  });
}

/** In MB, as the kernel counts it. */
function memoryOf(pid: number): number {
  return Math.round(Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024);
}
