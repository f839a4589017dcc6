import { InvitationSection } from '../invitations/invitation-section.tsx';
import { useOrganization } from '../organization/use-organization.ts';
import { MemberSection } from './member-section.tsx';

export function MembersPage() {
  const { may } = useOrganization();
  return (
    <>
      {may('users.read') ? <MemberSection /> : <p>Your role does not show who else is here.</p>}
      {may('users.invite') && <InvitationSection />}
    </>
  );
}
