import { readFileSync } from 'node:fs';
import kafkajs, { type Kafka, type KafkaConfig, type SASLOptions } from 'kafkajs';
import { describeError, SluiceError } from '../../core/errors.ts';
import type { Log } from '../../ports/log.ts';
import { installCodecs } from './codecs.ts';
import { kafkaLog } from './kafka-log.ts';

export interface KafkaClientOptions {
  /** `host:port` of some of the brokers; the others are learned from them. */
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly tls: {
    readonly enabled: boolean;
    /** Paths of PEM files. */
    readonly caFile?: string | undefined;
    readonly certificateFile?: string | undefined;
    readonly keyFile?: string | undefined;
  };
  readonly sasl: {
    readonly mechanism: 'none' | 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username?: string | undefined;
    readonly password?: string | undefined;
  };
  /** No batch of records is inflated beyond it. */
  readonly inflateLimitBytes: number;
}

const CONNECT_MS = 3_000;
/** A broker that is frozen is given up after this. */
const REQUEST_MS = 10_000;

/**
 * Creates a Kafka client with the options that all clients share. It retries little: its callers retry themselves, and they
 * could not give up a client that keeps retrying. Throws `SETTINGS_INVALID` if a TLS file cannot be read.
 */
export function createKafka(options: KafkaClientOptions, log: Log): Kafka {
  installCodecs(options.inflateLimitBytes);
  const config: KafkaConfig = {
    clientId: options.clientId,
    brokers: [...options.brokers],
    connectionTimeout: CONNECT_MS,
    authenticationTimeout: REQUEST_MS,
    requestTimeout: REQUEST_MS,
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 5 },
    logLevel: kafkajs.logLevel.INFO,
    logCreator: kafkaLog(log.child('kafka')),
    ...(options.tls.enabled ? { ssl: tlsOf(options.tls) } : {}),
    ...(options.sasl.mechanism === 'none' ? {} : { sasl: saslOf(options.sasl) }),
  };
  return new kafkajs.Kafka(config);
}

function tlsOf({
  caFile,
  certificateFile,
  keyFile,
}: KafkaClientOptions['tls']): NonNullable<KafkaConfig['ssl']> {
  return {
    ...(caFile === undefined ? {} : { ca: [readPem('kafka.tls.caFile', caFile)] }),
    ...(certificateFile === undefined ? {} : { cert: readPem('kafka.tls.certificateFile', certificateFile) }),
    ...(keyFile === undefined ? {} : { key: readPem('kafka.tls.keyFile', keyFile) }),
  };
}

function readPem(setting: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new SluiceError(
      'SETTINGS_INVALID',
      `${setting} cannot be read (${describeError(error)}); check path and rights`,
      { cause: error },
    );
  }
}

function saslOf({ mechanism, username = '', password = '' }: KafkaClientOptions['sasl']): SASLOptions {
  // One object for three mechanisms: their options have the same fields.
  return { mechanism, username, password } as SASLOptions;
}
