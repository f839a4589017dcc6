// Preloaded into a gateway by bench/event-loop.mjs: says, when it is asked over IPC, for how long the event loop has been held
// at the most since it was asked last, and how much CPU time the thread of the event loop has taken meanwhile.

import { monitorEventLoopDelay } from 'node:perf_hooks';

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();

// Older versions of Node know only what all threads have taken together.
const cpu = () => {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage();
  return (user + system) / 1_000;
};
let cpuBefore = cpu();

process.on('message', (message) => {
  if (message !== 'held') return;
  const cpuNow = cpu();
  process.send({ longest: delay.max / 1e6, cpu: cpuNow - cpuBefore });
  delay.reset();
  cpuBefore = cpuNow;
});
// The gateway ends when it is told to, whether or not somebody still listens here.
process.channel?.unref();
