import type { RoleChoiceFragment } from '../generated/graphql.ts';

/** The roles of an organization, to choose from by key. */
export function RoleOptions({ roles }: { roles: readonly RoleChoiceFragment[] }) {
  return roles.map(({ id, key, name }) => (
    <option key={id} value={key}>
      {name}
    </option>
  ));
}
