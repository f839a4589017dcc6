// What processes use, read from /proc. Elsewhere than on Linux nothing is known of it.

import { readdir, readFile } from 'node:fs/promises';

/** Linux counts CPU time in hundredths of a second for whoever reads it. */
const tickMs = 10;

/** The milliseconds of CPU time that a process has used, those of its ended children included; NaN if it cannot be known. */
export async function cpuMs(pid) {
  const fields = await statOf(pid);
  return fields ? (fields.user + fields.system + fields.endedChildren) * tickMs : Number.NaN;
}

/** The same for a process and those that it has started. */
export async function cpuMsWithChildren(pid) {
  const processes = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const stats = await Promise.all(processes.map(statOf));
  const children = stats.filter((fields) => fields?.parent === pid);
  return children.reduce((sum, { user, system }) => sum + (user + system) * tickMs, await cpuMs(pid));
}

/** The memory that a process holds now, in MB. */
export async function residentMb(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1]) / 1024;
}

async function statOf(pid) {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (!text) return undefined;
  // The name of the program may contain anything; what is counted comes after it.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [user, system, endedUser, endedSystem] = fields.slice(11, 15).map(Number);
  return { parent: Number(fields[1]), user, system, endedChildren: endedUser + endedSystem };
}
