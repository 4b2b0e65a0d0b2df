// The built process that scores suspects, in which a text can do what no text is known to do: crash, hang or eat memory.
process.on('message', ({ packed }) => {
  const text = Buffer.from(packed).toString();
  if (text.includes('Ω crashes')) process.kill(process.pid, 'SIGABRT');
  if (text.includes('Ω hangs')) for (;;);
  if (text.includes('Ω eats')) {
    const eaten = [];
    for (;;) eaten.push(Buffer.alloc(16 * 1024 * 1024, 1));
  }
});
if (process.env.TEST_PROCESS_BROKEN === '1') process.exit(5);
await import('../../dist/workers/score-alone.js');
