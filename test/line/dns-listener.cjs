// Usage: node dns-listener.cjs LOG COMMAND ARGUMENTS…
// Listens as the name server on 127.0.0.1:53 while the command runs, and writes each name that is asked for into LOG, one a
// line. Gives no answer, as in a network that leads nowhere. SIGTERM is passed on to the command.
const { spawn } = require('node:child_process');
const { createSocket } = require('node:dgram');
const { appendFileSync } = require('node:fs');

const [log, command, ...args] = process.argv.slice(2);
const server = createSocket('udp4');
server.on('message', (query) => {
  const labels = [];
  // The header has 12 bytes; then each label stands behind its length.
  for (let at = 12; query[at] > 0; at += query[at] + 1)
    labels.push(query.toString('latin1', at + 1, at + 1 + query[at]));
  appendFileSync(log, `${labels.join('.')}\n`);
});
server.bind(53, '127.0.0.1', () => {
  const child = spawn(command, args, { stdio: 'inherit' });
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('close', (code) => process.exit(code ?? 1));
});
