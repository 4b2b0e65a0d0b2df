import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { KafkaServer, type SecuredBroker } from '../../src/cluster/kafka-server.ts';
import { securedUsers } from './secured-users.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** `host:port` of the broker that all tests of the run share. Nobody may stop it. */
    readonly broker: string;
    /** The same broker by TLS, for `securedUsers`. */
    readonly securedBroker: SecuredBroker;
  }
}

/** Starts what the tests of real services share, once for the run; a service that can't start fails it. */
export default async function startServices(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-services-'));
  const kafka = await KafkaServer.start({
    folder: join(folder, 'kafka'),
    heapMebibytes: 384,
    securedFor: securedUsers,
    fetching: () => process.stdout.write('Kafka is fetched, once for this machine\n'),
  });
  project.provide('broker', kafka.broker);
  project.provide('securedBroker', kafka.secured!);
  return async () => {
    await kafka.stop();
    await rm(folder, { recursive: true, force: true });
  };
}
