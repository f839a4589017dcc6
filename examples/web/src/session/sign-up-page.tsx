import { Link, useLocation } from 'react-router';
import { Card } from '../parts/card.tsx';
import { SignUpForm } from './sign-up-form.tsx';

export function SignUpPage() {
  const { state } = useLocation();
  return (
    <Card title="Sign up">
      <SignUpForm />
      <p>
        You have an account?{' '}
        <Link to="/sign-in" state={state}>
          Sign in
        </Link>
      </p>
    </Card>
  );
}
