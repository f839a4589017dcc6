/** What comes of the work, if it comes in time. */
export function within<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`It is not done after ${ms} ms`)), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** What comes of the work, unless it is called off before: then it rejects with the reason of the signal. */
export function unless<T>(calledOff: AbortSignal, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const callOff = () => reject(calledOff.reason);
    if (calledOff.aborted) callOff();
    calledOff.addEventListener('abort', callOff);
    work.then(resolve, reject).finally(() => calledOff.removeEventListener('abort', callOff));
  });
}
