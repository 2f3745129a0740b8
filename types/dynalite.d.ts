/** A DynamoDB stand-in in one process; only the options used here. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  interface DynaliteOptions {
    /** Time that a new table stays in CREATING. */
    readonly createTableMs?: number;
    /** Folder to keep tables in; in memory when absent. */
    readonly path?: string;
  }

  export default function dynalite(options?: DynaliteOptions): Server;
}
