import type { ReactNode } from 'react';

/** A page with one thing to do. */
export function Card({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="card">
      <title>{`${title} · Tenantry example`}</title>
      <h1>{title}</h1>
      {children}
    </main>
  );
}
