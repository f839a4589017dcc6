import type { EngagementQuery } from '../generated/graphql.ts';
import { figure, percent } from './figures.ts';

type Figure = EngagementQuery['organization']['engagement']['kpis'][number];

const arrows = { UP: '▲', DOWN: '▼', FLAT: '=' };

/** The figures of the range, each with how it compares to the range before. */
export function KeyFigures({ figures }: { figures: readonly Figure[] }) {
  return (
    <dl className="figures">
      {figures.map(({ key, label, value, unit, deltaPercent, direction }) => (
        <div key={key}>
          <dt>{label}</dt>
          <dd>{figure(value, unit)}</dd>
          {typeof deltaPercent === 'number' && (
            <dd className="delta">
              <span aria-hidden="true">{arrows[direction]}</span> {direction === 'DOWN' ? '−' : '+'}
              {percent(Math.abs(deltaPercent))} <span className="visually-hidden">on the range before</span>
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}
