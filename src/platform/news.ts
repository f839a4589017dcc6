import type { Values } from './sql.js';

/** What others are told of as soon as a statement is committed. */
export interface News {
  /** The organizations of which it puts something on record. */
  recorded: readonly string[];
  /** Whether it enqueues jobs that are due, of which the worker is not told by itself. */
  hasJobs: boolean;
}

const nothing: News = { recorded: [], hasJobs: false };

/** By the values of a statement. */
const newsBy = new WeakMap<Values, News>();

/** Notes what there is to tell of a statement with these very values. */
export function noteNews(values: Values, news: News): void {
  newsBy.set(values, news);
}

export function newsIn(values: Values): News {
  return newsBy.get(values) ?? nothing;
}
