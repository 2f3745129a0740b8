/** One check of a site from outside. */
export type Probe = HttpProbe | TcpProbe;

interface ProbeBase {
  /** Deadline of the whole probe, from the first byte of name resolution to the last byte read. */
  readonly timeoutMs: number;
  /** A corroborating probe never makes a site `down`. When it passes, it turns `down` into `degraded`. */
  readonly corroborating: boolean;
  /**
   * Name of something behind the site that other sites depend on too. When it fails for several sites, the fault is not
   * in the sites.
   */
  readonly dependency?: string | undefined;
}

/** A request that is good only if status, body, role and certificate are as expected. */
export interface HttpProbe extends ProbeBase {
  readonly type: 'http' | 'https';
  readonly url: string;
  /** `write`: a POST with a fresh number, which the answer must repeat: the write canary. */
  readonly canary: 'none' | 'write';
  readonly expect: {
    readonly status: number;
    /** Text that the body must contain; absent accepts any body. */
    readonly body?: string | undefined;
    /**
     * `active`: when the site that serves says `x-failover-role: standby`, the probe fails. `any`: the header is not
     * judged.
     */
    readonly role: 'active' | 'any';
  };
  /** PEM of the authority that signed the site's certificate; absent uses the public authorities. */
  readonly authorityPem?: string | undefined;
}

/** A connection that is good once it is established, or once the server has sent the expected text. */
export interface TcpProbe extends ProbeBase {
  readonly type: 'tcp';
  readonly host: string;
  readonly port: number;
  /** Text that the first bytes from the server must contain; absent accepts an established connection. */
  readonly expectBanner?: string | undefined;
}
