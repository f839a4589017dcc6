import { randomUUID } from 'node:crypto';
import { askWell, bearing } from './requests.js';

export const password = 'a rather long passphrase';

export interface Account {
  email: string;
  accessToken: string;
  refreshToken: string;
}

const session = 'session { accessToken refreshToken }';

/** Somebody new, signed in. */
export async function register(url: string, email = `${randomUUID()}@example.com`): Promise<Account> {
  const input = { email, password, fullName: 'Somebody' };
  const { register } = await askWell(url, {
    query: `mutation Register($input: RegisterInput!) { register(input: $input) { ${session} } }`,
    variables: { input },
  });
  return { email, ...register.session };
}

export async function signIn(url: string, email: string): Promise<Account> {
  const { login } = await askWell(url, {
    query: `mutation LogIn($input: LoginInput!) { login(input: $input) { ${session} } }`,
    variables: { input: { email, password } },
  });
  return { email, ...login.session };
}

/** A new organization of somebody's, with a team. */
export async function found(
  url: string,
  { accessToken }: Account,
): Promise<{ organizationId: string; teamId: string }> {
  const { createOrganization } = await askWell(
    url,
    { query: 'mutation { createOrganization(input: { name: "Faults" }) { organization { id } } }' },
    bearing(accessToken),
  );
  const organizationId: string = createOrganization.organization.id;
  const { createTeam } = await askWell(
    url,
    {
      query: 'mutation Board($id: ID!) { createTeam(input: { organizationId: $id, name: "Board" }) { team { id } } }',
      variables: { id: organizationId },
    },
    bearing(accessToken),
  );
  return { organizationId, teamId: createTeam.team.id };
}
