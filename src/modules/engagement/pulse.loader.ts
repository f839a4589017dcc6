import { keyed } from '../../platform/sql.js';
import { dayOf, engagedKey, forEachGroup } from './engagement.population.js';

export interface PulseDay {
  date: string;
  activeSeconds: number;
  sessions: number;
  level: number;
}

export interface PulseRow {
  days: PulseDay[];
  totalActiveSeconds: number;
  totalSessions: number;
  activeDays: number;
}

/** Every day of the range, counted from its first one: series of moments would skip what daylight saving skips. */
const everyDay = 'SELECT key.start_day + n AS day FROM generate_series(0, key.end_day - key.start_day) AS n';

export const pulseOf = forEachGroup(({ days }) =>
  keyed<PulseRow>({
    ...engagedKey,
    select: 'pulse.*',
    from: `CROSS JOIN LATERAL (
      WITH day AS MATERIALIZED (
        SELECT s.day, coalesce(d.active_seconds, 0)::float8 AS seconds, coalesce(d.sessions, 0)::int AS sessions
        FROM (${everyDay}) s
        LEFT JOIN (SELECT * FROM (${days}) d WHERE d.day BETWEEN key.start_day AND key.end_day) d ON d.day = s.day
      ), quartile AS MATERIALIZED (
        SELECT percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY seconds) AS at FROM day WHERE seconds > 0
      )
      SELECT json_agg(json_build_object('date', day.day, 'activeSeconds', day.seconds, 'sessions', day.sessions,
          'level', CASE WHEN day.seconds = 0 THEN 0 ELSE 1 + (day.seconds > quartile.at[1])::int
            + (day.seconds > quartile.at[2])::int + (day.seconds > quartile.at[3])::int END) ORDER BY day.day) AS days,
        sum(day.seconds) AS "totalActiveSeconds", sum(day.sessions)::int AS "totalSessions",
        count(*) FILTER (WHERE day.sessions > 0)::int AS "activeDays"
      FROM day CROSS JOIN quartile
    ) pulse`,
  }),
);

export interface TrendDay {
  date: string;
  totalHours: number;
  averageHoursPerMember: number;
}

/**
 * The time of each day, and how many people belonged to the group on it. A period covers the days on which it begins and ends;
 * one that begins on the last day of another one of the same person begins to count on the day after.
 */
export const trendOf = forEachGroup(({ days, periods }) =>
  keyed<TrendDay>({
    ...engagedKey,
    select: 'trend.*',
    from: `CROSS JOIN LATERAL (
      WITH period AS (
        SELECT p.user_id, p.joined_at, ${dayOf('p.joined_at')} AS joined, coalesce(${dayOf('p.left_at')}, 'infinity') AS gone
        FROM membership_periods p WHERE ${periods}
      ), span AS MATERIALIZED (
        SELECT greatest(p.joined, max(p.gone) OVER earlier + 1, key.start_day) AS first_day, p.gone AS last_day
        FROM period p WHERE p.joined <= key.end_day AND p.gone >= key.start_day
        WINDOW earlier AS (PARTITION BY p.user_id ORDER BY p.joined_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
      ), change AS (
        SELECT day, sum(people) AS people FROM (
          SELECT first_day AS day, 1 AS people FROM span WHERE first_day <= last_day
          UNION ALL
          SELECT last_day + 1, -1 FROM span WHERE first_day <= last_day
        ) both_ends GROUP BY day
      ), belonging AS (
        SELECT s.day, sum(coalesce(c.people, 0)) OVER (ORDER BY s.day) AS people
        FROM (${everyDay}) s LEFT JOIN change c ON c.day = s.day
      )
      SELECT b.day AS date, coalesce(d.active_seconds, 0)::float8 / 3600 AS "totalHours",
        coalesce(d.active_seconds::float8 / 3600 / nullif(b.people, 0)::float8, 0) AS "averageHoursPerMember"
      FROM belonging b
      LEFT JOIN (SELECT * FROM (${days}) d WHERE d.day BETWEEN key.start_day AND key.end_day) d ON d.day = b.day
    ) trend ORDER BY key.ord, trend.date`,
  }),
);
