import { NavLink } from 'react-router';
import type { OrganizationChoiceFragment } from '../generated/graphql.ts';
import { SignOutButton } from '../session/sign-out-button.tsx';
import { OrganizationSwitcher } from './organization-switcher.tsx';

interface Props {
  me: { fullName: string; email: string };
  organizations: readonly OrganizationChoiceFragment[];
  currentId: string;
  showsEngagement: boolean;
}

export function Header({ me, organizations, currentId, showsEngagement }: Props) {
  const home = `/organizations/${currentId}`;
  return (
    <header>
      <OrganizationSwitcher organizations={organizations} currentId={currentId} />
      <nav aria-label="Pages">
        <NavLink to={home} end>
          Members
        </NavLink>
        {showsEngagement && <NavLink to={`${home}/engagement`}>Engagement</NavLink>}
      </nav>
      <div className="me">
        <span className="name" title={me.email}>
          {me.fullName}
        </span>
        <SignOutButton />
      </div>
    </header>
  );
}
