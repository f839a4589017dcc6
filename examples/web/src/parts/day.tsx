const format = new Intl.DateTimeFormat('en', { dateStyle: 'medium' });

/** A moment, as the day that it is on where the reader is. */
export function Day({ at }: { at: string }) {
  return <time dateTime={at}>{format.format(new Date(at))}</time>;
}
