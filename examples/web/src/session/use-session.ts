import { useSyncExternalStore } from 'react';
import { session } from './session.ts';

/** Whether somebody is signed in. */
export function useSession(): boolean {
  return useSyncExternalStore(session.subscribe, session.isActive);
}
