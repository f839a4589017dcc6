import { newId } from '../../src/platform/id.js';
import type { Scene, World } from './matrix.worlds.js';

/** How a row of the table is asked for in a world, such that whoever may, can. */
export interface Call {
  /** Left out by what only reads, to which any world is the same. */
  scene?: Scene;
  document(world: World): string;
  variables?(world: World): object;
  headers?(world: World): Record<string, string> | null;
  /** Whether it changes the organization, and so leaves an event in it when it is done. */
  changes?: boolean;
  /** Whether what it changes is nothing to leave an event of: what people do, not what the organization is. */
  unrecorded?: boolean;
  /** Whether it names the organization, so that a refusal leaves an event there. */
  named?: boolean;
}

/** The caller is invited, and has proven the address. */
export const ownAddress: Scene = { invited: 'caller', isVerified: true };
export const ofAnother: Scene = { invited: 'another', isVerified: true };

export const newPassword = 'another horse, another battery';

export type Text = (world: World) => string;
export type Input = (world: World) => object;

export function query(field: Text): Call {
  return { document: (world) => `{ ${field(world)} }` };
}

/** A field of the organization, on the way that is open to whoever belongs to it. */
export function ofOrganization(field: Text): Call {
  return query(
    (world) => `myPermissions(organizationId: "${world.organizationId}") { organization { ${field(world)} } }`,
  );
}

export const ofTeam = (field: string) => ofOrganization(({ teamId }) => `team(id: "${teamId}") { ${field} }`);
export const ofMember = (field: string) =>
  ofOrganization(({ target }) => `member(id: "${target.memberId}") { ${field} }`);
export const ofTeamsEngagement = (field: string) =>
  ofOrganization(({ teamId }) => `engagement(teamId: "${teamId}") { ${field} }`);
export const ofInvitation = (field: string) => ofOrganization(() => `invitations { nodes { ${field} } }`);
export const ofWorkspace = (field: string) =>
  ofOrganization(({ workspaceId }) => `workspace(id: "${workspaceId}") { ${field} }`);
export const ofOwnInvitations = (field: string): Call => ({
  ...query(() => `myInvitations { ${field} }`),
  scene: ownAddress,
});
export const ofOwnMemberships = (field: string) => query(() => `me { memberships { nodes { ${field} } } }`);

/** A mutation that is about no organization that its input would name. */
export function mutation(name: string, input: Input, scene: Scene = {}): Call {
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  return {
    scene,
    document: () => `mutation ($input: ${type}!) { ${name}(input: $input) { __typename } }`,
    variables: (world) => ({ input: input(world) }),
  };
}

/** A mutation of the organization. */
export function change(name: string, input: Input, scene: Scene = {}): Call {
  const named: Input = (world) => ({ organizationId: world.organizationId, ...input(world) });
  return { ...mutation(name, named, scene), changes: true, named: true };
}

export const memberId = ({ target }: World) => ({ memberId: target.memberId });
export const answered = ({ invitationId }: World) => ({ invitationId });
export const holder = ({ integrationToken: token }: World) => ({ token });
export const teamMember = ({ teamId, target }: World) => ({ teamId, memberId: target.memberId });

/** Reports an hour, which is judged by itself. */
export function report(whose: Input): Call {
  const entries = (world: World) => [
    { startedAt: new Date(), activeSeconds: 3_600, idempotencyId: newId(), ...whose(world) },
  ];
  const call = change('recordActivity', (world) => ({ entries: entries(world) }));
  const document = 'mutation ($input: RecordActivityInput!) { recordActivity(input: $input) { rejected { code } } }';
  return { ...call, document: () => document, unrecorded: true };
}

export function transfer(scene: Scene): Call {
  return change('updateMember', (world) => ({ ...memberId(world), targetOrganizationId: world.elsewhereId }), scene);
}
