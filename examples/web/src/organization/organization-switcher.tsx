import { useId } from 'react';
import { useNavigate } from 'react-router';
import type { OrganizationChoiceFragment } from '../generated/graphql.ts';

interface Props {
  organizations: readonly OrganizationChoiceFragment[];
  currentId: string;
}

/** The address names the organization, so each tab may be in another one, and links lead where they should. */
export function OrganizationSwitcher({ organizations, currentId }: Props) {
  const id = useId();
  const navigate = useNavigate();
  return (
    <div className="switcher">
      <label htmlFor={id}>Organization</label>
      <select id={id} value={currentId} onChange={({ target }) => navigate(`/organizations/${target.value}`)}>
        {organizations.map((organization) => (
          <option key={organization.id} value={organization.id}>
            {organization.isPersonal ? `${organization.name} (personal)` : organization.name}
          </option>
        ))}
      </select>
    </div>
  );
}
