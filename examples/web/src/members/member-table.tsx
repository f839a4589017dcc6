import type { MemberFieldsFragment, RoleChoiceFragment } from '../generated/graphql.ts';
import { MemberRow } from './member-row.tsx';

interface Props {
  members: readonly MemberFieldsFragment[];
  /** The roles to choose from, for those who may change roles. */
  roles: readonly RoleChoiceFragment[] | undefined;
}

export function MemberTable({ members, roles }: Props) {
  return (
    <div className="scrolling">
      <table>
        <caption className="visually-hidden">Members of the organization</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Role</th>
            <th scope="col">Teams</th>
            <th scope="col">Joined</th>
          </tr>
        </thead>
        <tbody>
          {members.map((member) => (
            <MemberRow key={member.id} member={member} roles={roles} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
