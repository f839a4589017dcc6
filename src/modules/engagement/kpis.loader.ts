import { keyed } from '../../platform/sql.js';
import { engagedKey, forEachGroup, peopleOf, wasActive } from './engagement.population.js';

/** The figures of a range. */
export interface Figures {
  activeSeconds: number;
  sessions: number;
  activeDays: number;
  activeMembers: number;
  /** Who was active in the range before. */
  activeBefore: number;
  /** Who was active in the range before, and in this one as well. */
  stayed: number;
  newMembers: number;
}

const figures = (prefix: string) => `json_build_object(
  'activeSeconds', total.${prefix}seconds, 'sessions', total.${prefix}sessions, 'activeDays', total.${prefix}days,
  'activeMembers', people.${prefix}active, 'activeBefore', people.${prefix}before, 'stayed', people.${prefix}stayed,
  'newMembers', people.${prefix}joined)`;

/** The figures of the range and of the previous one, for which it takes the one before that. */
export const figuresOf = forEachGroup((population) =>
  keyed<{ current: Figures; previous: Figures }>({
    ...engagedKey,
    select: `${figures('')} AS current, ${figures('previous_')} AS previous`,
    from: `
    CROSS JOIN LATERAL (SELECT key.end_day - key.start_day + 1 AS days) length
    CROSS JOIN LATERAL (
      SELECT coalesce(sum(d.active_seconds) FILTER (WHERE d.day >= key.start_day), 0) AS seconds,
        coalesce(sum(d.sessions) FILTER (WHERE d.day >= key.start_day), 0) AS sessions,
        count(*) FILTER (WHERE d.day >= key.start_day) AS days,
        coalesce(sum(d.active_seconds) FILTER (WHERE d.day < key.start_day), 0) AS previous_seconds,
        coalesce(sum(d.sessions) FILTER (WHERE d.day < key.start_day), 0) AS previous_sessions,
        count(*) FILTER (WHERE d.day < key.start_day) AS previous_days
      FROM (${population.days}) d WHERE d.day BETWEEN key.start_day - length.days AND key.end_day
    ) total
    CROSS JOIN LATERAL (
      SELECT count(current.yes) AS active, count(previous.yes) AS before,
        count(*) FILTER (WHERE current.yes AND previous.yes) AS stayed,
        count(*) FILTER (WHERE person.joined BETWEEN key.start_day AND key.end_day) AS joined,
        count(previous.yes) AS previous_active, count(earlier.yes) AS previous_before,
        count(*) FILTER (WHERE previous.yes AND earlier.yes) AS previous_stayed,
        count(*) FILTER (WHERE person.joined >= key.start_day - length.days AND person.joined < key.start_day)
          AS previous_joined
      FROM (${peopleOf(population)}) person
      ${wasActive(population, 'current', 'person.user_id', 'key.start_day', 'key.end_day')}
      ${wasActive(population, 'previous', 'person.user_id', 'key.start_day - length.days', 'key.start_day - 1')}
      ${wasActive(population, 'earlier', 'person.user_id', 'key.start_day - 2 * length.days', 'key.start_day - length.days - 1')}
    ) people`,
  }),
);
