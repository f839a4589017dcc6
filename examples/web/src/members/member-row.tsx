import type { MemberFieldsFragment, RoleChoiceFragment } from '../generated/graphql.ts';
import { Day } from '../parts/day.tsx';
import { RoleSelect } from './role-select.tsx';

interface Props {
  member: MemberFieldsFragment;
  roles: readonly RoleChoiceFragment[] | undefined;
}

export function MemberRow({ member, roles }: Props) {
  const { user, role, teams, status, joinedAt } = member;
  return (
    <tr>
      <th scope="row">
        <span className="name">{user.fullName}</span> {status === 'SUSPENDED' && <em className="badge">Suspended</em>}
        <small>{user.email}</small>
      </th>
      <td>{roles ? <RoleSelect member={member} roles={roles} /> : role.name}</td>
      <td>{teams.map(({ name }) => name).join(', ') || '–'}</td>
      <td>
        <Day at={joinedAt} />
      </td>
    </tr>
  );
}
