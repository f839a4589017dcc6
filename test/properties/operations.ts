import fc from 'fast-check';
import {
  anyName,
  anyPermissions,
  anyRank,
  type Name,
  type Place,
  roleKeys,
  type TeamName,
  teamNames,
} from './world.js';

/**
 * One mutation, with people, roles and teams by their names. When its turn comes, a name that would make no sense (such as
 * a member to add) gives way to the next one that does, and ids are looked up.
 */
export interface Operation {
  op: OperationName;
  by: Name;
  in: Place;
  who?: Name;
  role?: string;
  /** Names the same thing of the other organization by its id: somebody tries to reach across. */
  across?: boolean;
  /** Asks for a transfer to the other organization. */
  away?: boolean;
  team?: TeamName | null;
  part?: 'MEMBER' | 'MANAGER';
  rank?: number;
  permissions?: string[];
  instead?: string | null;
  /** Which invitation to answer, counted from the newest, and by its addressee or by anybody. */
  nth?: number;
  addressee?: boolean;
  status?: 'ACTIVE' | 'SUSPENDED' | 'DELETED';
  /** Takes away the nth of the active administrators: by itself, or by the super admin. */
  administrator?: number;
}

/** Who acts where: mostly where the person has something to say. */
const usual: [Name, string][] = [
  ...([
    ['ann', 'AAAAAB'],
    ['ben', 'BBBBBA'],
    ['cat', 'AABB'],
    ['dan', 'AABB'],
  ] as [Name, string][]),
  ...([
    ['gil', 'AABB'],
    ['eva', 'AB'],
    ['fay', 'AB'],
  ] as [Name, string][]),
];
const actors = usual.flatMap(([by, there]) => [...there].map((place) => ({ by, in: place as Place })));
const superAdmins = [...actors, ...Array.from({ length: 40 }, () => ({ by: 'gil' as Name, in: 'A' as Place }))];
const who = anyName;
const across = fc.option(fc.constant(true), { freq: 9, nil: undefined }).map((value) => value === undefined);
const role = fc.constantFrom(...roleKeys, 'team_manager', 'team_manager');
const team = fc.constantFrom(...teamNames);
const teamOrNone = fc.option(team, { freq: 4 });
const part = fc.constantFrom('MEMBER' as const, 'MANAGER' as const);
const key = fc.constantFrom('extra', 'lead', 'aide', 'viewer', 'member', 'developer', 'team_manager', 'administrator');
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });

const fields = {
  addMember: { who, role, team: teamOrNone, across },
  updateMemberRole: { who, role, across },
  updateMember: { who, role: maybe(role), away: fc.boolean(), team: maybe(teamOrNone), across },
  suspendMember: { who, across },
  reinstateMember: { who, across },
  removeMember: { who, across },
  createTeam: { team },
  updateTeam: { team, instead: fc.constantFrom(...teamNames, 'gold'), across },
  deleteTeam: { team, across },
  addTeamMember: { who, team, part, across },
  updateTeamMember: { who, team, part, across },
  removeTeamMember: { who, team, across },
  createRole: { role: key, rank: anyRank, permissions: anyPermissions },
  updateRole: { role: key, rank: maybe(anyRank), permissions: maybe(anyPermissions), across },
  deleteRole: { role: key, instead: fc.option(role, { freq: 3 }), across },
  inviteMember: { who, role, team: teamOrNone, across },
  acceptInvitation: { nth: fc.nat(2), addressee: fc.oneof({ weight: 6, arbitrary: fc.constant(true) }, fc.boolean()) },
  revokeInvitation: { nth: fc.nat(2), across },
  setUserStatus: { who, status: fc.constantFrom('SUSPENDED', 'ACTIVE', 'DELETED') },
} satisfies Record<string, Record<string, fc.Arbitrary<unknown>>>;

export type OperationName = keyof typeof fields;

/** Rarer than the others are those that say nothing of grants. */
const weights: Partial<Record<OperationName, number>> = {
  ...{ createTeam: 1, updateTeam: 1, deleteTeam: 1, removeTeamMember: 1, revokeInvitation: 1, setUserStatus: 2 },
  ...{ updateMemberRole: 6, updateRole: 6, updateMember: 6, acceptInvitation: 5, deleteRole: 5, createRole: 4 },
};

export const operationNames = Object.keys(fields) as OperationName[];

const operationOf = (op: OperationName): fc.Arbitrary<Operation> =>
  fc
    .tuple(fc.constantFrom(...(op === 'setUserStatus' ? superAdmins : actors)), fc.record(fields[op] as object))
    .map(([actor, what]) => ({ op, ...actor, ...what }) as Operation);

export const anyOperation: fc.Arbitrary<Operation> = fc.oneof(
  ...operationNames.map((op) => ({ weight: weights[op] ?? 3, arbitrary: operationOf(op) })),
);

const lowering = (administrator: number): fc.Arbitrary<Operation> =>
  fc.oneof(
    ...(['removeMember', 'suspendMember', 'updateMemberRole', 'updateMember', 'setUserStatus'] as const).map((op) =>
      operationOf(op).map((operation): Operation => {
        const status = operation.status === 'ACTIVE' ? 'DELETED' : operation.status;
        const facts = { administrator, across: false, ...(operation.role && { role: 'viewer' }) };
        return { ...operation, ...facts, ...(status && { status }) };
      }),
    ),
  );

/** Two administrators of one organization are taken away, each of which is fine by itself. */
export const anyDuel: fc.Arbitrary<[Operation, Operation]> = fc
  .tuple(lowering(0), lowering(1))
  .map(([first, second]) => [first, { ...second, in: first.in }]);
