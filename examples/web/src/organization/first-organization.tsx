import { useQuery } from '@apollo/client/react';
import { Navigate } from 'react-router';
import { Failure } from '../parts/failure.tsx';
import { Loading } from '../parts/loading.tsx';
import { lastOrganization } from './last-organization.ts';
import { MyOrganizations } from './my-organizations.ts';

/** Leads to the organization of the last visit, else to one with colleagues in it, else to the personal one. */
export function FirstOrganization() {
  const { data, error } = useQuery(MyOrganizations);
  if (error) return <Failure error={error} />;
  if (!data) return <Loading what="your organizations" />;
  const { nodes } = data.organizations;
  const first =
    nodes.find(({ id }) => id === lastOrganization()) ?? nodes.find(({ isPersonal }) => !isPersonal) ?? nodes[0];
  return first ? <Navigate to={`/organizations/${first.id}`} replace /> : <p>You belong to no organization.</p>;
}
