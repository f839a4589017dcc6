import type { EngagementQuery } from '../generated/graphql.ts';
import { byWeekday, shortDay } from './calendar.ts';
import { count, hours } from './figures.ts';

type Pulse = EngagementQuery['organization']['engagement']['pulse'];

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const levels = [0, 1, 2, 3, 4];

/** A heat map of days: a column a week, a row a weekday. Each day also says in words what its colour says. */
export function PulseMap({ pulse, timezone }: { pulse: Pulse; timezone: string }) {
  const { totalActiveSeconds, totalSessions, activeDays } = pulse.summary;
  return (
    <figure>
      <h3>Pulse</h3>
      <figcaption>
        {hours(totalActiveSeconds)} in {count(totalSessions)} sessions on {activeDays} of {pulse.days.length} days. Days
        are those of {timezone}.
      </figcaption>
      <div className="scrolling">
        <table className="pulse">
          <caption className="visually-hidden">Activity by day</caption>
          <tbody>
            {byWeekday(pulse.days).map((days, weekday) => (
              <tr key={weekdays[weekday]}>
                <th scope="row" aria-label={weekdays[weekday]}>
                  {weekday % 2 === 0 && weekdays[weekday]?.slice(0, 3)}
                </th>
                {days.map((day) =>
                  day ? <PulseDay key={day.date} day={day} /> : <td key="before" aria-hidden="true" />,
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="legend" aria-hidden="true">
        Less
        {levels.map((level) => (
          <span key={level} className="swatch" data-level={level} />
        ))}
        More
      </p>
    </figure>
  );
}

function PulseDay({ day: { date, sessions, activeSeconds, level } }: { day: Pulse['days'][number] }) {
  const words = `${shortDay(date)}: ${sessions} sessions, ${hours(activeSeconds)}`;
  return (
    <td title={words} data-level={level} className="swatch">
      <span className="visually-hidden">{words}</span>
    </td>
  );
}
