import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Answer } from '../../support/client.js';
import { graphql } from '../../support/generated/index.js';

export const Create = graphql(`
  mutation OrganizationTest_Create($input: CreateOrganizationInput!) {
    createOrganization(input: $input) {
      organization {
        id name slug description logoUrl timezone plan isPersonal memberCount
        viewerRole { key }
        roles { key isSystem }
        workspaces { totalCount }
      }
      workspace { name slug isDefault organization { id } }
      member { role { key } status user { id } invitedBy { id } }
    }
  }
`);

/** What a caller belongs to. */
export const mine = '{ organizations { totalCount nodes { id } } }';

/** A word that nobody has used yet. */
export const word = () => randomUUID().slice(0, 18);

/** With what a change collides. */
export async function reasonOf(answer: Promise<Answer<unknown>>): Promise<string | undefined> {
  const { errors } = await answer;
  expect(errors?.[0]?.extensions.code).toBe('CONFLICT');
  return errors![0]!.extensions.reason;
}
