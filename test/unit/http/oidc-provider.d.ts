declare module 'oidc-provider' {
  import type { Server } from 'node:http';

  /** What the tests use of it; the package has no types of its own. */
  export default class Provider {
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>);
    listen(port: number, host: string, listening: () => void): Server;
  }
}
