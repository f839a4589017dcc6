// The load generator, in a process of its own: keep-alive connections that each send one request after the other, made of
// prepared bytes, as fast as the answers come. Every answer is looked at: its status, that it has no errors, and that it
// contains what it has to.
//
// The parent sends `{ address, connections, warmUpMs, measureMs, requests }`. A request has one or more `variants`, which are
// sent in turn; one with several belongs to one connection, so that no two of its variants are ever under way at once. The
// parent hears 'warm' when measuring begins, 'done' when it ends, and then the result. `{ guarded }` names processes to end if
// the parent is killed.

import { connect } from 'node:net';

const headerEnd = Buffer.from('\r\n\r\n');
const lastChunk = Buffer.from('\r\n0\r\n\r\n');
const errorsKey = Buffer.from('"errors"');
const shownFaults = 3;

/** The whole answer at the beginning of the bytes, or undefined while some of it has not come yet. */
function answerIn(bytes) {
  const end = bytes.indexOf(headerEnd);
  if (end < 0) return undefined;
  const header = bytes.latin1Slice(0, end).toLowerCase();
  const bodyAt = end + headerEnd.length;
  const status = Number(header.slice(9, 12));
  const length = /content-length: *(\d+)/.exec(header)?.[1];
  if (length !== undefined) {
    const complete = bytes.length >= bodyAt + Number(length);
    return complete ? { status, body: bytes.subarray(bodyAt) } : undefined;
  }
  return bytes.indexOf(lastChunk, end) >= 0 ? { status, body: bytes.subarray(bodyAt) } : undefined;
}

function faultOf({ status, body }, expected) {
  if (status !== 200) return `status ${status}: ${body.toString('utf8', 0, 200)}`;
  if (body.includes(errorsKey)) return body.toString('utf8', 0, 300);
  return body.includes(expected) ? undefined : `without ${expected}: ${body.toString('utf8', 0, 200)}`;
}

/** What one connection may send: requests without variants are everybody's. */
function shareOf(requests, connection, connections) {
  return requests.filter(({ variants }, index) => variants.length === 1 || index % connections === connection);
}

function run({ address: { host, port }, connections, warmUpMs, measureMs, requests }) {
  const latencies = [];
  const faults = [];
  let wrong = 0;
  let all = 0;
  let measuring = false;
  let over = false;

  function drive(connection) {
    const own = shareOf(requests, connection, connections);
    const kinds = [...Map.groupBy(own, ({ kind }) => kind).values()];
    return new Promise((resolve) => {
      let socket;
      let request;
      let sentAt;
      let received;

      function send() {
        if (over) {
          socket.destroy();
          return resolve();
        }
        const kind = kinds[Math.floor(Math.random() * kinds.length)];
        request = kind[Math.floor(Math.random() * kind.length)];
        sentAt = performance.now();
        received = undefined;
        socket.write(request.variants[request.next].bytes);
      }

      function count(fault) {
        all += 1;
        if (measuring) latencies.push(performance.now() - sentAt);
        if (fault === undefined) return;
        wrong += 1;
        if (faults.length < shownFaults) faults.push(fault);
      }

      function open() {
        socket = connect({ host, port, noDelay: true }, send);
        let ended = false;
        socket.on('data', (bytes) => {
          received = received ? Buffer.concat([received, bytes]) : bytes;
          const answer = answerIn(received);
          if (!answer) return;
          const { expected } = request.variants[request.next];
          request.next = (request.next + 1) % request.variants.length;
          count(faultOf(answer, expected));
          send();
        });
        const lost = (error) => {
          if (ended) return;
          ended = true;
          if (over) return resolve();
          count(`the connection was lost: ${error?.message ?? 'closed by the server'}`);
          setTimeout(open, 10);
        };
        socket.on('error', lost).on('close', () => lost());
      }
      open();
    });
  }

  return new Promise((resolve) => {
    const driven = Promise.all(Array.from({ length: connections }, (_, connection) => drive(connection)));
    let startedAt;
    let elapsedMs;
    setTimeout(() => {
      measuring = true;
      startedAt = performance.now();
      process.send('warm');
      setTimeout(() => {
        measuring = false;
        over = true;
        elapsedMs = performance.now() - startedAt;
        process.send('done');
      }, measureMs);
    }, warmUpMs);
    driven.then(() => {
      latencies.sort((a, b) => a - b);
      const quantile = (part) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * part))];
      resolve({
        answers: latencies.length,
        all,
        perSecond: latencies.length / (elapsedMs / 1_000),
        p50: quantile(0.5),
        p99: quantile(0.99),
        wrong,
        faults,
      });
    });
  });
}

/** Processes that may be asleep, and so cannot notice themselves that the parent is gone. */
let guarded = [];

process.on('message', async (message) => {
  if (message.guarded) guarded = message.guarded;
  else process.send({ result: await run(message) });
});

process.on('disconnect', () => {
  for (const pid of guarded) process.kill(pid, 'SIGKILL');
  process.exit(1);
});
