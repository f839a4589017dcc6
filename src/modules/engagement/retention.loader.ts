import { keyed } from '../../platform/sql.js';
import { engagedKey, forEachGroup, mondayOf, peopleOf, wasActive } from './engagement.population.js';

/** Whoever joined in a week, and how many of them were active in the weeks from then on. */
export interface Cohort {
  /** Whether it is one of the range before. */
  isPrevious: boolean;
  /** The week, such as 2026-W09. */
  cohort: string;
  startDate: string;
  size: number;
  /** How many were active, week by week from that of joining; of the range before only in what the metrics need. */
  retained: number[];
  /** How many were active in the week after that of joining. Null if it has not begun in the range. */
  retainedInWeek1: number | null;
  /** How many were active in the last week of the range. */
  retainedInLastWeek: number;
}

export const cohortsOf = forEachGroup((population) =>
  keyed<Cohort>({
    ...engagedKey,
    select: 'cohort.*',
    from: `CROSS JOIN LATERAL (
      SELECT span.previous AS "isPrevious", to_char(person.week::timestamp, 'IYYY-"W"IW') AS cohort, person.week AS "startDate",
        max(person.size)::int AS size,
        array_agg(person.retained ORDER BY person.number) AS retained,
        max(person.retained) FILTER (WHERE person.number = 1) AS "retainedInWeek1",
        max(person.retained) FILTER (WHERE person.number = (span.last_day - person.week) / 7) AS "retainedInLastWeek"
      FROM (VALUES (false, key.start_day, key.end_day),
        (true, key.start_day - (key.end_day - key.start_day + 1), key.start_day - 1)) AS span(previous, first_day, last_day)
      CROSS JOIN LATERAL (
        SELECT joining.week, week.number, count(*) AS size, count(active.yes)::int AS retained
        FROM (
          SELECT p.user_id, ${mondayOf('p.joined')} AS week FROM (${peopleOf(population)}) p
          WHERE p.joined BETWEEN ${mondayOf('span.first_day')} AND span.last_day
        ) joining
        CROSS JOIN LATERAL generate_series(0, (span.last_day - joining.week) / 7) AS week(number)
        ${wasActive(
          population,
          'active',
          'joining.user_id',
          'joining.week + 7 * week.number',
          'least(joining.week + 7 * week.number + 6, span.last_day)',
        )}
        WHERE NOT span.previous OR week.number IN (1, (span.last_day - joining.week) / 7)
        GROUP BY joining.week, week.number
      ) person
      GROUP BY span.previous, person.week
    ) cohort ORDER BY key.ord, cohort."startDate"`,
  }),
);
