// Sends the same requests in turn to one address, with as little work as possible, and prints what has become of it.
//
//   node load.mjs '{"port": 4000, "requests": ["<base64>"], "seconds": 10, "connections": 16}'
//
// As fast as answers come; with a "rate" so many a second, whatever comes. The connections are kept and all open before the first
// request, as those of a load balancer are; while each of them waits for an answer, what is due is counted as not sent.

import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const { port, requests, seconds, connections, rate = 0, patienceMs = 2_000 } = JSON.parse(process.argv[2]);
const all = requests.map((request) => Buffer.from(request, 'base64'));
const tickMs = 5;

const result = { sent: 0, good: 0, late: 0, refused: 0, other: 0, lost: 0, unsent: 0 };
/** Taken in turn: the gateway closes connections that are not used for too long. */
const idle = [];
let isOver = false;

class Line {
  #socket;
  #sentAt = 0;
  /** How much of the answer is still to come; below zero before its length is known. */
  #left = -1;
  #status = '';
  #head = '';

  constructor() {
    this.#open();
  }

  send() {
    result.sent += 1;
    this.#sentAt = performance.now();
    this.#left = -1;
    this.#head = '';
    this.#socket.write(all[result.sent % all.length]);
  }

  #open() {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true }, () => this.#isFree());
    this.#socket.on('data', (data) => this.#read(data));
    this.#socket.on('error', () => {});
    this.#socket.on('close', () => this.#closed());
  }

  #isFree() {
    if (rate || isOver) idle.push(this);
    else this.send();
  }

  #read(data) {
    // Told that it was not used for too long.
    if (this.#sentAt === 0) return;
    if (this.#left < 0) {
      this.#head += data.latin1Slice();
      const end = this.#head.indexOf('\r\n\r\n');
      if (end < 0) return;
      this.#status = this.#head.slice(9, 12);
      this.#left = Number(/content-length: (\d+)/i.exec(this.#head)[1]) - (this.#head.length - end - 4);
    } else {
      this.#left -= data.length;
    }
    if (this.#left === 0) this.#answered();
  }

  #answered() {
    const took = performance.now() - this.#sentAt;
    this.#sentAt = 0;
    if (this.#status === '200') result[took <= patienceMs ? 'good' : 'late'] += 1;
    else result[this.#status === '503' ? 'refused' : 'other'] += 1;
    this.#isFree();
  }

  #closed() {
    if (this.#sentAt > 0) result.lost += 1;
    this.#sentAt = 0;
    const place = idle.indexOf(this);
    if (place >= 0) idle.splice(place, 1);
    if (!isOver) setTimeout(() => this.#open(), 100);
  }
}

for (let count = 0; count < connections; count += 1) {
  new Line();
  if (rate) await sleep(5);
}
if (rate) {
  while (idle.length < connections) await sleep(50);
  const startedAt = performance.now();
  const timer = setInterval(() => {
    if (isOver) return clearInterval(timer);
    const due = Math.floor(((performance.now() - startedAt) / 1000) * rate);
    for (let count = due - result.sent - result.unsent; count > 0; count -= 1) {
      const line = idle.shift();
      if (line) line.send();
      else result.unsent += 1;
    }
  }, tickMs);
}
await sleep(seconds * 1000);
isOver = true;
process.stdout.write(JSON.stringify(result), () => process.exit());
