// Outlives the process that has started it by a moment: ends what that one has left running, and clears its folder.
// Its standard input says which processes there are (+pid) and which have ended (-pid); its end is the end of that process.

import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [folder] = process.argv.slice(2);
const pids = new Set();

for await (const line of createInterface({ input: process.stdin })) {
  const pid = Number(line.slice(1));
  if (line.startsWith('+')) pids.add(pid);
  else pids.delete(pid);
}
for (const pid of pids) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
