import { explain } from '../api/refusal.ts';

/** Says what went wrong, if anything did; screen readers say it at once. */
export function Failure({ error }: { error: unknown }) {
  return (
    <div role="alert" className="failure">
      {error ? explain(error) : null}
    </div>
  );
}
