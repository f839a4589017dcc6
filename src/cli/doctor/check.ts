import { within } from '../../platform/within.js';

/** What a check has found. */
export interface Finding {
  status: 'ok' | 'warning' | 'failed';
  message: string;
  /** What to do about it. */
  advice?: string;
}

export interface Checked extends Finding {
  name: string;
}

/** How long a check may take, in milliseconds. */
export const patienceMs = 5_000;

export const ok = (message: string): Finding => ({ status: 'ok', message });
export const warning = (message: string, advice: string): Finding => ({ status: 'warning', message, advice });
export const failed = (message: string, advice: string): Finding => ({ status: 'failed', message, advice });

/**
 * Runs a check in bounded time. One that cannot be done has failed.
 *
 * @param advice what to do if it breaks off.
 */
export async function check(name: string, advice: string, look: () => Promise<Finding> | Finding): Promise<Checked> {
  try {
    return { name, ...(await within(patienceMs, Promise.resolve().then(look))) };
  } catch (error) {
    return { name, ...failed(oneLine(error), advice) };
  }
}

function oneLine(error: unknown): string {
  const { message, code, errors } = error as { message?: string; code?: string; errors?: Error[] };
  // Several addresses of one name are tried one after the other; the last one says as much as any.
  const text = message || errors?.at(-1)?.message || code || String(error);
  return text.replace(/\s+/g, ' ').trim();
}
