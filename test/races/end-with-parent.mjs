// Loaded before a gateway: ends it together with the test that has started it, however that one ends.

process.stdin.once('end', () => process.kill(process.pid, 'SIGTERM')).resume();
