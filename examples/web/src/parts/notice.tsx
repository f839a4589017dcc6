import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { Card } from './card.tsx';

/** A page that says why there is nothing to see, and leads back. */
export function Notice({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Card title={title}>
      <p>{children}</p>
      <Link to="/">Back to the start</Link>
    </Card>
  );
}
