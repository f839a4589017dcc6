import { Navigate, Outlet, useLocation } from 'react-router';
import { useSession } from './use-session.ts';

/** What is only for those who are signed in. Others sign in first, and come back. */
export function SignedIn() {
  const location = useLocation();
  return useSession() ? <Outlet /> : <Navigate to="/sign-in" replace state={{ from: location.pathname }} />;
}
