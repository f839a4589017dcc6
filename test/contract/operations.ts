import { documentOf } from './documents.js';
import type { Operations } from './operation.js';
import { accountMutations } from './operations.accounts.js';
import { engagement } from './operations.engagement.js';
import { integrations } from './operations.integrations.js';
import { invitationMutations } from './operations.invitations.js';
import { memberMutations } from './operations.members.js';
import { organizationMutations } from './operations.organizations.js';
import { queries } from './operations.queries.js';
import type { Values } from './positions.js';
import { bearer, postAny, type Raw } from './requests.js';
import type { Scene } from './scene.js';

/** By schema coordinate, a valid call of every field that takes arguments. */
export const operations: Operations = {
  ...queries,
  ...accountMutations,
  ...organizationMutations,
  ...memberMutations,
  ...invitationMutations,
  ...integrations,
  ...engagement,
};

/** The one mutation that has nothing to be told: whoever is signed in wants the own address verified. */
export const withoutInput = 'Mutation.requestEmailVerification';

/** Mutations of an organization that has to be named: to switch is to name one, and a deleted one is nobody's current one. */
export const naming: readonly string[] = ['Mutation.switchOrganization', 'Mutation.restoreOrganization'];

/** Whether an operation is for super admins alone, to whom no organization is foreign. */
export const isAboveAll = (coordinate: string) => operations[coordinate]?.aboveAll === true;

/** Calls an operation as whoever may, unless the headers say. */
export function call(
  scene: Scene,
  coordinate: string,
  variables: Values,
  headers = callerOf(scene, coordinate),
): Promise<Raw> {
  const query = documentOf(scene, coordinate, operations[coordinate]?.selection);
  return postAny(scene.gateway.url, { query, variables }, headers);
}

/** The headers of whoever may call an operation. */
export function callerOf(scene: Scene, coordinate: string): Record<string, string> {
  const person = operations[coordinate]?.as?.(scene);
  return person ? bearer(person) : {};
}

/** A valid call of every operation, to be made when the scene may not be there any more. */
export async function validCalls(scene: Scene): Promise<[coordinate: string, variables: Values][]> {
  const calls: [string, Values][] = [];
  for (const [coordinate, { valid }] of Object.entries(operations)) calls.push([coordinate, (await valid(scene))[0]!]);
  return calls;
}
