/** How to reach a MySQL or MariaDB server, and how long to wait for it. */
export interface MysqlOptions {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password?: string | undefined;
  /** Name of the table of labeled messages: letters, digits and `_`, at most 64. */
  readonly trainingTable: string;
  /** Connections at most. */
  readonly poolSize: number;
  /** What a statement may take, and what the wait for a connection may. */
  readonly deadlineSeconds: number;
  readonly tls: MysqlTls;
  /** PEM of the server's RSA key, for which alone a password is encrypted where the connection is not. */
  readonly serverPublicKey?: string | undefined;
}

export interface MysqlTls {
  /** `verify-ca`: the server's certificate must be signed by a known authority; `verify-full`: and name the host. */
  readonly mode: 'off' | 'verify-ca' | 'verify-full';
  /** PEM; the system's authorities where left out. */
  readonly ca?: string | undefined;
}
