import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { freePorts, portsLike } from '../../../src/cluster/free-port.ts';

describe('freePorts', () => {
  it('freePorts returns different ports, and none that an outgoing connection could use', async () => {
    const ports = await freePorts(50);
    expect(new Set(ports).size).toBe(50);
    expect(Math.max(...ports)).toBeLessThan(32_768);
  });
});

describe('portsLike', () => {
  it('portsLike keeps ports that are free, and replaces those that are taken or missing', async () => {
    const [kept, taken] = (await freePorts(2)) as [number, number];
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(taken, '127.0.0.1', resolve));
    try {
      const ports = await portsLike([taken, kept, undefined]);
      expect(ports[1]).toBe(kept);
      expect(ports).not.toContain(taken);
      expect(new Set(ports).size).toBe(3);
    } finally {
      server.close();
    }
  });
});
