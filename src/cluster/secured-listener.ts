import { brokerCertificate } from './broker-certificate.ts';

/** A further listener of a broker: by TLS, for those who say who they are with SCRAM-SHA-512 or PLAIN. */
export interface SecuredListener {
  readonly properties: Readonly<Record<string, string>>;
  /** Arguments of the tool that formats a broker's folder; SCRAM's passwords are kept in there. */
  readonly formatArguments: readonly string[];
  /** PEM file of who signed its certificate. */
  readonly caFile: string;
}

/** Its name, which is part of the names of its properties. */
export const securedListener = 'SECURED';

/** With a certificate of its own in `folder`. `users` are names and passwords, without quotes and commas. Throws `SERVICE_FAILED`. */
export async function makeSecuredListener(
  folder: string,
  users: Readonly<Record<string, string>>,
): Promise<SecuredListener> {
  const { keystore, keystorePassword, caFile } = await brokerCertificate(folder);
  const own = `listener.name.${securedListener.toLowerCase()}`;
  const module = (name: string, words = '') =>
    `org.apache.kafka.common.security.${name.toLowerCase()}.${name}LoginModule required${words};`;
  const pairs = Object.entries(users);
  return {
    caFile,
    formatArguments: pairs.flatMap(([name, password]) => [
      '--add-scram',
      `SCRAM-SHA-512=[name="${name}",password="${password}"]`,
    ]),
    properties: {
      [`${own}.ssl.keystore.type`]: 'PKCS12',
      [`${own}.ssl.keystore.location`]: keystore,
      [`${own}.ssl.keystore.password`]: keystorePassword,
      [`${own}.ssl.key.password`]: keystorePassword,
      [`${own}.sasl.enabled.mechanisms`]: 'SCRAM-SHA-512,PLAIN',
      [`${own}.scram-sha-512.sasl.jaas.config`]: module('Scram'),
      [`${own}.plain.sasl.jaas.config`]: module(
        'Plain',
        pairs.map(([name, password]) => ` user_${name}="${password}"`).join(''),
      ),
    },
  };
}
