import type { CSSProperties } from 'react';
import type { EngagementQuery } from '../generated/graphql.ts';
import { shortDay } from './calendar.ts';
import { percent } from './figures.ts';

type Retention = EngagementQuery['organization']['engagement']['retention'];

/** For those who began in the same week, which part of them was active in each week after. */
export function RetentionGrid({ retention: { periods, cohorts } }: { retention: Retention }) {
  return (
    <figure>
      <h3>Retention</h3>
      <figcaption>Of those who were first active in a week, how many were active so many weeks later.</figcaption>
      {cohorts.length === 0 && <p className="empty">Nobody was active for the first time in this range.</p>}
      {cohorts.length > 0 && (
        <div className="scrolling">
          <table className="retention">
            <caption className="visually-hidden">Retention by week</caption>
            <thead>
              <tr>
                <th scope="col">Week of</th>
                <th scope="col">Members</th>
                {periods.map((period) => (
                  <th key={period} scope="col">
                    {period}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {cohorts.map(({ cohort, startDate, size, periods: weeks }) => (
                <tr key={cohort}>
                  <th scope="row">{shortDay(startDate)}</th>
                  <td>{size}</td>
                  {weeks.map(({ period, rate, retainedMembers }) => (
                    <td
                      key={period}
                      className="rate"
                      style={{ '--rate': `${rate}%` } as CSSProperties}
                      title={`${retainedMembers} of ${size}`}
                    >
                      {percent(rate)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </figure>
  );
}
