/**
 * What the API of the data says of a site's own copy of it, where one site at a time may write.
 *
 * `replica`: it follows another site's copy and takes no writes of its own. `sole-writer`: it is the one copy of all
 * that takes writes. `takes-writes`: it takes writes, or may take them, and nothing says that no other copy does.
 */
export type DataRole = 'replica' | 'sole-writer' | 'takes-writes';

/** Those roles, the least favourable last. */
export const dataRoles: readonly DataRole[] = ['replica', 'sole-writer', 'takes-writes'];

/** Data that one site at a time may write. */
export type DataResource =
  | GlobalCluster
  | {
      readonly kind: 'rds-replica';
      /** Instance identifier of each site's database. */
      readonly instances: Readonly<Record<string, string>>;
      /** Makes the instance of a site that was left anew as a replica; absent: a person does. */
      readonly rebuild?: { readonly afterMs: number } | undefined;
    }
  | {
      readonly kind: 'elasticache-global';
      readonly globalId: string;
      /** Replication group of each site. */
      readonly members: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 's3-mrap';
      readonly accessPointArn: string;
      /** Bucket of each site. */
      readonly buckets: Readonly<Record<string, string>>;
    }
  /** A function of the user in each site's region. It may refuse a promotion. */
  | { readonly kind: 'custom'; readonly functions: Readonly<Record<string, string>> }
  | SharedData;

/** Data that every site writes: nothing of it is promoted, its state and its lag are watched. */
export type SharedData =
  | { readonly kind: 'dynamodb-global'; readonly tableName: string }
  | {
      readonly kind: 'aurora-dsql';
      /** ARN of each site's cluster. They are peers, and a commit waits for a majority that a witness region is in. */
      readonly clusters: Readonly<Record<string, string>>;
    }
  | {
      readonly kind: 'memorydb-multi-region';
      readonly globalId: string;
      /** ARN of each site's cluster. */
      readonly clusters: Readonly<Record<string, string>>;
    };

/** Kinds of data that every site writes; the type holds the list complete. */
const shared: Readonly<Record<SharedData['kind'], true>> = {
  'dynamodb-global': true,
  'aurora-dsql': true,
  'memorydb-multi-region': true,
};

/** Those kinds, as people read them. */
export const sharedKinds = Object.keys(shared) as readonly SharedData['kind'][];

/** Whether every site writes the data. */
export function isShared(data: DataResource): data is SharedData {
  return Object.hasOwn(shared, data.kind);
}

/** Whether the data has one writer that a move changes, so that the old writer has to become a replica. */
export function hasOneWriter({ data }: { readonly data?: DataResource | undefined }): boolean {
  return data !== undefined && !isShared(data);
}

/** A cluster with a writer in one region and readers in others; Aurora, DocumentDB and Neptune share its shape. */
export interface GlobalCluster {
  readonly kind: 'aurora-global' | 'documentdb-global' | 'neptune-global';
  readonly globalId: string;
  /** ARN of each site's cluster. */
  readonly clusters: Readonly<Record<string, string>>;
}
