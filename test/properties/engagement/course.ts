import type { Gateway } from '../../../src/gateway.js';
import type { Answer } from '../../support/client.js';
import { type Company, type Sent, toSend, type Worker } from './company.js';
import type { Call, Step, TeamName } from './recording.js';

const Record = `mutation ($input: RecordActivityInput!) {
  recordActivity(input: $input) { accepted duplicates rejected { index code } }
}`;

interface Recorded {
  accepted: number;
  duplicates: number;
  rejected: { index: number; code: string }[];
}

/** What may have been recorded under each idempotency id: more than one if several came at the same moment. */
export type Ledger = Map<string, Sent[]>;

/** Takes one step through the API, and notes what should be true then. */
export async function take(gateway: Gateway, company: Company, ledger: Ledger, step: Step): Promise<void> {
  if (step.does === 'RECORD') return record(company, ledger, step.atOnce);
  if (step.does === 'MOVE') return move(gateway, company, step.zone);
  if (step.does === 'DELETE_TEAM') return deleteTeam(company, step.team);
  const worker = company.workers[step.whom]!;
  if (step.does === 'JOIN_TEAM' || step.does === 'LEAVE_TEAM') return changeTeam(company, worker, step.does, step.team);
  return changeMembership(company, worker, step.does);
}

async function record(company: Company, ledger: Ledger, calls: Call[]): Promise<void> {
  const sent = calls.map((call) => call.reports.map((report) => toSend(company, call, report)));
  const answers = await Promise.all(
    calls.map(({ by }, index) => {
      const entries = sent[index]!.map(({ input }) => input);
      const send = by === 'KEY' ? company.asKey : company.workers[by]!.send;
      const input = { organizationId: company.organizationId, entries };
      return send<{ recordActivity: Recorded }, object>(Record, { input });
    }),
  );
  let accepted = 0;
  const newly: Ledger = new Map();
  for (const [index, { by }] of calls.entries()) {
    const caller = company.workers[by === 'KEY' ? 0 : by]!;
    const refusal = !caller.isPresent ? 'NOT_FOUND' : caller.isSuspended ? 'FORBIDDEN' : undefined;
    const answer = answers[index]!;
    same('refusal of the whole', answer.errors?.[0]?.extensions.code, refusal);
    if (refusal) continue;
    const recorded = answer.data.recordActivity;
    const rejected = sent[index]!.flatMap(({ verdict: code }, at) => (code === 'COUNTS' ? [] : [{ index: at, code }]));
    same('rejected', recorded.rejected, rejected);
    const counting = sent[index]!.filter(({ verdict }) => verdict === 'COUNTS');
    same('accepted and duplicates', recorded.accepted + recorded.duplicates, counting.length);
    accepted += recorded.accepted;
    const firsts = new Map(counting.toReversed().map((one) => [one.input.idempotencyId, one]));
    for (const [id, one] of firsts) if (!ledger.has(id)) newly.set(id, [...(newly.get(id) ?? []), one]);
  }
  same('accepted', accepted, newly.size);
  for (const [id, candidates] of newly) ledger.set(id, candidates);
}

async function move(gateway: Gateway, company: Company, zone: string): Promise<void> {
  const answer = await change(company, 'updateOrganization', { timezone: zone });
  // A zone may have several names.
  company.zone = answer!.organization!.timezone;
  // Every other time activity is recorded while the worker is counting.
  if (zone.length % 2 === 0) await untilCounted(gateway, company);
}

/** Waits until the days are those of the present time zone. */
export async function untilCounted({ services }: Gateway, { organizationId, zone }: Company): Promise<void> {
  for (const until = Date.now() + 20_000; Date.now() < until; ) {
    const [organization] = await services.db.run<{ zone: string }>(
      'SELECT activity_timezone AS zone FROM organizations WHERE id = $1::uuid',
      [organizationId],
    );
    if (organization!.zone === zone) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`The days have not been counted in ${zone}`);
}

async function deleteTeam(company: Company, team: TeamName): Promise<void> {
  if (!(await change(company, 'deleteTeam', { teamId: company.teamIds[team] }))) return;
  company.teams.delete(team);
  for (const worker of company.workers) leave(company, worker, team);
}

async function changeTeam(company: Company, worker: Worker, does: 'JOIN_TEAM' | 'LEAVE_TEAM', team: TeamName) {
  const mutation = does === 'JOIN_TEAM' ? 'addTeamMember' : 'removeTeamMember';
  const teamId = company.teamIds[team];
  if (!(await change(company, mutation, { teamId, memberId: worker.memberId }))) return;
  if (does === 'LEAVE_TEAM') return leave(company, worker, team);
  if (worker.teams.has(team)) return;
  worker.teams.add(team);
  worker.periods.push({ teamId, from: Date.now(), to: null });
}

function leave({ teamIds }: Company, worker: Worker, team: TeamName): void {
  worker.teams.delete(team);
  for (const period of worker.periods) if (period.teamId === teamIds[team]) period.to ??= Date.now();
}

async function changeMembership(company: Company, worker: Worker, does: string): Promise<void> {
  const { memberId, user } = worker;
  const requests: Record<string, [string, object]> = {
    ADD: ['addMember', { userId: user.id, role: 'member' }],
    REMOVE: ['removeMember', { memberId }],
    TRANSFER: ['updateMember', { memberId, targetOrganizationId: company.otherId }],
    SUSPEND: ['suspendMember', { memberId }],
    REINSTATE: ['reinstateMember', { memberId }],
  };
  const answer = await change(company, ...requests[does]!);
  if (!answer) return;
  if (does === 'SUSPEND' || does === 'REINSTATE') {
    worker.isSuspended = does === 'SUSPEND';
  } else if (does === 'ADD') {
    Object.assign(worker, { isPresent: true, isSuspended: false, memberId: answer.member!.id });
    worker.periods.push({ teamId: null, from: Date.now(), to: null });
  } else {
    Object.assign(worker, { isPresent: false, isElsewhere: worker.isElsewhere || does === 'TRANSFER' });
    worker.teams.clear();
    for (const period of worker.periods) period.to ??= Date.now();
  }
}

type Payload = { member?: { id: string }; organization?: { timezone: string } } | undefined;

const fieldsOf: Record<string, string> = {
  addMember: 'member { id }',
  updateMember: 'member { id }',
  updateOrganization: 'organization { timezone }',
};

/** What the administrator changes; nothing if it is refused, as much that happens here must be. */
async function change({ organizationId, workers }: Company, mutation: string, input: object): Promise<Payload> {
  const type = `${mutation[0]!.toUpperCase()}${mutation.slice(1)}Input!`;
  const document = `mutation ($input: ${type}) { ${mutation}(input: $input) { ${fieldsOf[mutation] ?? '__typename'} } }`;
  const given = { input: { organizationId, ...input } };
  const { data, errors }: Answer<Record<string, Payload>> = await workers[0]!.send(document, given);
  const code = errors?.[0]?.extensions.code;
  if (code === 'BAD_USER_INPUT' || code === 'INTERNAL_SERVER_ERROR') throw new Error(JSON.stringify(errors));
  return errors ? undefined : data[mutation];
}

function same(what: string, answered: unknown, right: unknown): void {
  const [is, shall] = [JSON.stringify(answered), JSON.stringify(right)];
  if (is !== shall) throw new Error(`${what}: answered ${is}, right is ${shall}`);
}
