import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Starts processes that end together with this one, even if this one is killed. */
export function openProcesses(folder) {
  // In sessions of their own: Ctrl-C in a terminal is for this process, which then stops the others in good order.
  const keeper = spawn(process.execPath, [join(import.meta.dirname, 'keeper.mjs'), folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  keeper.stdin.on('error', () => {});
  const gone = once(keeper, 'exit');
  const running = new Set();

  function start(name, { file, args, options = {} }) {
    const logFile = join(folder, `${name}.log`);
    const log = openSync(logFile, 'a');
    const child = spawn(file, args, { ...options, detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    const ended = new Promise((resolve) => {
      child.once('error', (error) => resolve({ code: null, signal: error.message }));
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    if (child.pid) keeper.stdin.write(`+${child.pid}\n`);
    let over = false;
    const process = {
      name,
      pid: child.pid ?? 0,
      hasEnded: () => over,
      ended,
      output: () => readFileSync(logFile, 'utf8'),
      async end(signal, patienceMs = 60_000) {
        if (!over) child.kill(signal);
        const giveUp = setTimeout(() => child.kill('SIGKILL'), patienceMs);
        const how = await ended;
        clearTimeout(giveUp);
        return how;
      },
    };
    running.add(process);
    void ended.then(() => {
      over = true;
      running.delete(process);
      if (child.pid) keeper.stdin.write(`-${child.pid}\n`);
    });
    return process;
  }

  /** Ends whatever still runs, at once. */
  async function stop() {
    await Promise.all([...running].map((process) => process.end('SIGKILL')));
    keeper.stdin.end();
    await gone;
  }

  return { start, stop };
}

/** Waits until something is so. */
export async function until(what, condition, { patienceMs = 60_000, pauseMs = 25 } = {}) {
  for (const deadline = performance.now() + patienceMs; !(await condition()); await sleep(pauseMs)) {
    if (performance.now() > deadline) throw new Error(`Waited for ${patienceMs / 1000} s in vain: ${what}`);
  }
}

/** Waits until a process accepts connections on its port. */
export async function untilListening(process, port) {
  await until(`${process.name} listens`, async () => {
    if (process.hasEnded()) throw new Error(`${process.name} has ended:\n${lastLines(process.output())}`);
    return accepts(port);
  });
}

export function lastLines(text, count = 15) {
  return text.trim().split('\n').slice(-count).join('\n');
}

/** A port that nobody listens on, and which no outgoing connection is given meanwhile: those are from 32768 on. */
export async function freePort() {
  for (;;) {
    const port = 10_240 + Math.floor(Math.random() * 20_000);
    if (await canListen(port)) return port;
  }
}

function canListen(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

function accepts(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('error', () => resolve(false));
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
