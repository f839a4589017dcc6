import { useQuery } from '@apollo/client/react';
import { useId, useState } from 'react';
import { graphql } from '../generated/index.ts';
import { useOrganization } from '../organization/use-organization.ts';
import { Failure } from '../parts/failure.tsx';
import { Loading } from '../parts/loading.tsx';
import { daysAgo } from './calendar.ts';
import { KeyFigures } from './key-figures.tsx';
import { PulseMap } from './pulse-map.tsx';
import { RetentionGrid } from './retention-grid.tsx';

const Engagement = graphql(`
  query Engagement($id: ID!, $startDate: Date!, $endDate: Date!) {
    organization(id: $id) {
      id
      engagement(startDate: $startDate, endDate: $endDate) {
        range { startDate endDate timezone }
        kpis { key label value previousValue unit direction }
        pulse {
          days { date activeSeconds sessions level }
          summary { totalActiveSeconds totalSessions activeDays }
        }
        retention {
          periods
          cohorts { cohort startDate size periods { period label retainedMembers rate } }
        }
      }
    }
  }
`);

const ranges = [30, 90, 180, 365];

/** Who was active, and who stayed. */
export function EngagementPage() {
  const { id, timezone } = useOrganization();
  const [days, setDays] = useState(90);
  const rangeId = useId();
  const { data, previousData, error } = useQuery(Engagement, {
    variables: { id, startDate: daysAgo(days - 1, timezone), endDate: daysAgo(0, timezone) },
    fetchPolicy: 'cache-and-network',
    nextFetchPolicy: 'cache-first',
  });
  const engagement = (data ?? previousData)?.organization.engagement;
  return (
    <section aria-labelledby="engagement">
      <div className="heading">
        <h2 id="engagement">Engagement</h2>
        <div>
          <label htmlFor={rangeId}>Range</label>{' '}
          <select id={rangeId} value={days} onChange={({ target }) => setDays(Number(target.value))}>
            {ranges.map((range) => (
              <option key={range} value={range}>
                {range} days
              </option>
            ))}
          </select>
        </div>
      </div>
      <Failure error={error} />
      {!engagement && !error && <Loading what="the engagement" />}
      {engagement?.pulse.summary.totalSessions === 0 && (
        <p className="empty">
          Nobody was active in these {days} days. Your app reports activity with <code>recordActivity</code>.
        </p>
      )}
      {engagement && engagement.pulse.summary.totalSessions > 0 && (
        <>
          <KeyFigures figures={engagement.kpis} />
          <PulseMap pulse={engagement.pulse} timezone={engagement.range.timezone} />
          <RetentionGrid retention={engagement.retention} />
        </>
      )}
    </section>
  );
}
