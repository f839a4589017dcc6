import { makeVar } from '@apollo/client';
import { useReactiveVar } from '@apollo/client/react';
import { explain } from '../api/refusal.ts';

interface Announcement {
  text: string;
  isFailure: boolean;
}

const latest = makeVar<Announcement | undefined>(undefined);

/** Tells the person what has happened. */
export function announce(text: string): void {
  latest({ text, isFailure: false });
}

/** Tells the person why something has not happened. Meant for `onError` of a mutation. */
export function announceFailure(error: unknown): void {
  latest({ text: explain(error), isFailure: true });
}

/** The last announcement, until it is dismissed. It is a live region: screen readers say what appears in it. */
export function Announcements() {
  const announcement = useReactiveVar(latest);
  return (
    <div role="status" aria-live="polite" className="announcements">
      {announcement && (
        <div className={announcement.isFailure ? 'announcement failure' : 'announcement'}>
          <p>{announcement.text}</p>
          <button type="button" className="quiet" aria-label="Dismiss" onClick={() => latest(undefined)}>
            ✕
          </button>
        </div>
      )}
    </div>
  );
}
