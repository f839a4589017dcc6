import { Navigate, Outlet, useLocation } from 'react-router';
import { useSession } from './use-session.ts';

/** What is only for those who are not signed in. Others, also those who just did, go to where they wanted to be. */
export function SignedOut() {
  const { state } = useLocation();
  return useSession() ? <Navigate to={state?.from ?? '/'} replace /> : <Outlet />;
}
