/** Waits until something is so; a minute unless told. @throws if it does not become so in time. */
export function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  options?: { patienceMs?: number; pauseMs?: number },
): Promise<void>;
