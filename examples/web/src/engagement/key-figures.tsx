import type { EngagementQuery } from '../generated/graphql.ts';
import { figure } from './figures.ts';

type Figure = EngagementQuery['organization']['engagement']['kpis'][number];

const changes = { UP: 'up from', DOWN: 'down from', FLAT: 'as before:' };

/** The figures of the range, each with how it compares to the range before. */
export function KeyFigures({ figures }: { figures: readonly Figure[] }) {
  return (
    <dl className="figures">
      {figures.map(({ key, label, value, previousValue, unit, direction }) => (
        <div key={key}>
          <dt>{label}</dt>
          <dd>{figure(value, unit)}</dd>
          <dd className="before">
            {changes[direction]} {figure(previousValue, unit)}
          </dd>
        </div>
      ))}
    </dl>
  );
}
