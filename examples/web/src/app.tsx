import { Route, Routes } from 'react-router';
import { EngagementPage } from './engagement/engagement-page.tsx';
import { InvitationPage } from './invitations/invitation-page.tsx';
import { MembersPage } from './members/members-page.tsx';
import { FirstOrganization } from './organization/first-organization.tsx';
import { OrganizationLayout } from './organization/organization-layout.tsx';
import { Announcements } from './parts/announcements.tsx';
import { Notice } from './parts/notice.tsx';
import { SignInPage } from './session/sign-in-page.tsx';
import { SignUpPage } from './session/sign-up-page.tsx';
import { SignedIn } from './session/signed-in.tsx';
import { SignedOut } from './session/signed-out.tsx';
import { VerifyEmailPage } from './session/verify-email-page.tsx';

export function App() {
  return (
    <>
      <Routes>
        <Route element={<SignedOut />}>
          <Route path="/sign-in" element={<SignInPage />} />
          <Route path="/sign-up" element={<SignUpPage />} />
        </Route>
        <Route path="/verify-email/:token" element={<VerifyEmailPage />} />
        <Route path="/invitations/:token" element={<InvitationPage />} />
        <Route element={<SignedIn />}>
          <Route index element={<FirstOrganization />} />
          <Route path="/organizations/:organizationId" element={<OrganizationLayout />}>
            <Route index element={<MembersPage />} />
            <Route path="engagement" element={<EngagementPage />} />
          </Route>
        </Route>
        <Route
          path="*"
          element={<Notice title="There is no such page.">The link may be wrong or out of date.</Notice>}
        />
      </Routes>
      <Announcements />
    </>
  );
}
