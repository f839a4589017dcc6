import { useQuery } from '@apollo/client/react';
import { useEffect } from 'react';
import { Outlet, useParams } from 'react-router';
import { explain } from '../api/refusal.ts';
import { Loading } from '../parts/loading.tsx';
import { Notice } from '../parts/notice.tsx';
import { Header } from './header.tsx';
import { rememberOrganization } from './last-organization.ts';
import { MyOrganizations } from './my-organizations.ts';
import { OrganizationHome } from './organization-home.ts';
import type { OrganizationContext } from './use-organization.ts';

/** What all pages of an organization have around them. */
export function OrganizationLayout() {
  const { organizationId: id = '' } = useParams();
  const mine = useQuery(MyOrganizations);
  const home = useQuery(OrganizationHome, { variables: { id }, fetchPolicy: 'cache-and-network' });
  const isFound = home.data !== undefined;
  useEffect(() => {
    if (isFound) rememberOrganization(id);
  }, [id, isFound]);

  const error = mine.error ?? home.error;
  if (error) return <Notice title="This organization cannot be shown.">{explain(error)}</Notice>;
  if (!mine.data || !home.data) return <Loading what="the organization" />;
  const { me, organizations } = mine.data;
  const { organization, myPermissions } = home.data;
  const may = (permission: string) => myPermissions.granted.includes(permission);
  return (
    <>
      <title>{`${organization.name} · Tenantry example`}</title>
      <Header me={me} organizations={organizations.nodes} currentId={id} showsEngagement={may('stats.read')} />
      <main>
        <h1>{organization.name}</h1>
        <p className="subtitle">{organization.viewerRole && `You are here as ${organization.viewerRole.name}.`}</p>
        {/* Another organization begins anew: nothing typed for one is sent to another. */}
        <Outlet key={id} context={{ ...organization, viewerId: me.id, may } satisfies OrganizationContext} />
      </main>
    </>
  );
}
