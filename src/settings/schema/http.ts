import * as z from 'zod';
import { setting } from '../setting.ts';
import { host, port } from './shared.ts';

export const http = z.strictObject({
  api: z
    .strictObject({
      enabled: setting(z.boolean().default(true), { description: 'Whether to serve the API.' }),
      host: setting(host.default('127.0.0.1'), {
        description:
          'Address that the API listens on. Addresses other than loopback require `http.api.proxy`.',
      }),
      port: setting(port.default(8077), { description: 'Port of the API; 0 chooses a free one.' }),
      proxy: setting(z.enum(['none', 'tls']).default('none'), {
        description: '`tls`: a reverse proxy terminates TLS and controls access.',
      }),
      trustedProxies: setting(
        z
          .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]))
          .max(100)
          .default(['127.0.0.0/8', '::1/128']),
        {
          description:
            'Proxies whose `X-Forwarded-For` is trusted, with `http.api.proxy`. Any other peer is a client with its own address.',
          allowed: 'a list of addresses and networks such as `[10.0.0.0/8, 192.0.2.7]`',
        },
      ),
      bodyLimitBytes: setting(
        z
          .number()
          .int()
          .min(1024)
          .max(64 * 1024 * 1024)
          .default(1_048_576),
        { description: 'Maximum size of a request body; larger ones are refused with 413.', unit: 'bytes' },
      ),
      requestTimeoutSeconds: setting(z.number().min(1).max(600).default(30), {
        description:
          'Time within which a request must have arrived completely; then the connection is closed.',
        unit: 's',
      }),
      rateLimitPerMinute: setting(z.number().int().min(1).max(10_000_000).default(6000), {
        description: 'Requests per client; above it, 429.',
        unit: 'requests/min',
      }),
    })
    .prefault({}),
  ops: z
    .strictObject({
      enabled: setting(z.boolean().default(true), { description: 'Whether to serve probes and metrics.' }),
      host: setting(host.default('127.0.0.1'), { description: 'Address that probes and metrics listen on.' }),
      port: setting(port.default(8078), { description: 'Port of probes and metrics; 0 chooses a free one.' }),
    })
    .prefault({}),
});
