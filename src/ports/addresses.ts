/** Elastic IP addresses of one account, by region. */
export interface Addresses {
  /** Instance that the address points at, null when at none. */
  locate(region: string, allocationId: string): Promise<{ readonly instanceId: string | null }>;
  /** Points the address at the instance, taking it from wherever it is. One write. */
  associate(region: string, allocationId: string, instanceId: string): Promise<void>;
}
