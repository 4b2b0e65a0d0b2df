import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from '../core/errors.ts';
import { installJava } from './maven-folder.ts';
import { runToEnd } from './run-to-end.ts';

export interface BrokerCertificate {
  /** PKCS #12, with the broker's key, which has the same password. */
  readonly keystore: string;
  readonly keystorePassword: string;
  /** PEM file of the authority that signed it. */
  readonly caFile: string;
}

const TOOL_SECONDS = 120;
const DAYS = '3650';
/** It guards nothing: the keys are for a broker on the loopback address of this machine. */
const KEYSTORE_PASSWORD = 'on-loopback-only';

/**
 * A certificate for the loopback address and the authority that signed it, made by the JDK's own tool, in a folder that
 * exists; the same again where they are there already. Throws `SERVICE_FAILED`.
 */
export async function brokerCertificate(folder: string): Promise<BrokerCertificate> {
  const keystore = join(folder, 'broker.p12');
  const caFile = join(folder, 'authority.pem');
  const made = { keystore, keystorePassword: KEYSTORE_PASSWORD, caFile };
  if (existsSync(caFile)) return made;
  await rm(keystore, { force: true });
  const store = ['-keystore', keystore, '-storetype', 'PKCS12', '-storepass', KEYSTORE_PASSWORD];
  const key = ['-keyalg', 'EC', '-groupname', 'secp256r1', '-validity', DAYS, ...store];
  const authority = ['-alias', 'authority', '-dname', 'CN=Sluice test authority', '-ext', 'bc:c=ca:true'];
  const broker = ['-alias', 'broker', '-dname', 'CN=broker', '-ext', 'san=ip:127.0.0.1,dns:localhost'];
  await keytool(['-genkeypair', ...authority, ...key]);
  await keytool(['-genkeypair', ...broker, '-signer', 'authority', ...key]);
  await keytool(['-exportcert', '-rfc', '-alias', 'authority', '-file', `${caFile}.new`, ...store]);
  // With two keys in it the broker would show either certificate.
  await keytool(['-delete', '-alias', 'authority', ...store]);
  await rename(`${caFile}.new`, caFile);
  return made;
}

async function keytool(args: readonly string[]): Promise<void> {
  const { code, output } = await runToEnd({
    command: 'keytool',
    args: ['-J-XX:TieredStopAtLevel=1', ...args],
    install: installJava,
    deadlineSeconds: TOOL_SECONDS,
  });
  if (code !== 0)
    throw new SluiceError(
      'SERVICE_FAILED',
      `no certificate could be made; remove its folder and try again:\n${output.slice(-2000)}`,
    );
}
