// Drives a server from the generator's process.

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bodyFor, expectedIn } from './workloads.mjs';

/** Starts the generator. It belongs to nobody in particular, and drives one server after the other. */
export function startGenerator(node) {
  const child = fork(fileURLToPath(new URL('generator.mjs', import.meta.url)), {
    execPath: node,
    serialization: 'advanced',
  });
  return {
    /**
     * Runs one load to its end.
     *
     * @param onWarm is called when measuring begins, and `onDone` when it ends; what they return is returned as well.
     */
    async drive(load, { onWarm = () => undefined, onDone = () => undefined } = {}) {
      let before;
      let after;
      const result = await new Promise((resolve, reject) => {
        const died = (code) => reject(new Error(`The load generator has ended with ${code}`));
        const hear = (message) => {
          if (message === 'warm') before = onWarm();
          else if (message === 'done') after = onDone();
          else {
            child.off('message', hear).off('exit', died);
            resolve(message.result);
          }
        };
        child.on('message', hear).once('exit', died);
        child.send(load);
      });
      return { ...result, before: await before, after: await after };
    },
    /** Sees to it that these processes do not outlive this one, even if it is killed while they rest. */
    guard: (pids) => child.send({ guarded: pids }),
    stop: () => new Promise((resolve) => child.once('exit', resolve).kill()),
  };
}

/** The bytes of the requests of a workload; those that change a role change it back the next time. */
export function requestsFor(server, workload, contents, tokens, roles) {
  return contents.map((content) => {
    const variant = (own) => ({
      bytes: bytesOf(server, bodyFor(server.name, workload, own), tokens.get(content.userId)),
      expected: Buffer.from(expectedIn(workload, own)),
    });
    const variants =
      workload === 'W4'
        ? [...roles.filter((role) => role !== content.role), content.role].map((role) => variant({ ...content, role }))
        : [variant(content)];
    return { kind: workload, variants, next: 0 };
  });
}

function bytesOf({ name, address: { host, port, path } }, body, token) {
  const lines = [
    `POST ${path} HTTP/1.1`,
    `Host: ${host}:${port}`,
    'Content-Type: application/json',
    'Accept: application/json',
    ...(name === 'gateway' ? [`Authorization: Bearer ${token}`] : []),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
}
