import { Link, useLocation } from 'react-router';
import { Card } from '../parts/card.tsx';
import { SignInForm } from './sign-in-form.tsx';

export function SignInPage() {
  const { state } = useLocation();
  return (
    <Card title="Sign in">
      <SignInForm />
      <p>
        No account yet?{' '}
        <Link to="/sign-up" state={state}>
          Sign up
        </Link>
      </p>
    </Card>
  );
}
