import { SluiceError } from '../../core/errors.ts';

/** What Node says of a certificate that the authorities it was given do not vouch for. */
const untrusted = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_SIGNATURE_FAILURE',
]);

/**
 * Of an error, however deep inside it: that the broker does not take who we are, or we not its certificate. Neither comes
 * right by waiting, so a start ends with it; undefined where it is anything else.
 */
export function accessRefused(thrown: unknown): SluiceError | undefined {
  for (let at: unknown = thrown; at instanceof Error; at = at.cause) {
    const { name, message, code } = at as Error & { readonly code?: string };
    if (name === 'KafkaJSSASLAuthenticationError')
      return refused(
        `Kafka does not let us in (${message}); check kafka.sasl.username, kafka.sasl.password and kafka.sasl.mechanism`,
        thrown,
      );
    if (code === undefined) continue;
    if (untrusted.has(code))
      return refused(
        `the certificate of Kafka's broker is signed by nobody we trust (${message}); give the authority's certificate by kafka.tls.caFile`,
        thrown,
      );
    if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
      return refused(
        `the certificate of Kafka's broker is for another host (${message}); name the brokers in kafka.brokers as their certificates do`,
        thrown,
      );
  }
  return undefined;
}

function refused(text: string, cause: unknown): SluiceError {
  return new SluiceError('SETTINGS_INVALID', text, { cause });
}
