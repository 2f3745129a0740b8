// Made from the schema in src/config/schema/ by `npm run docs`; do not edit.
/** Data that is promoted before a site serves. */
export type DataInput<Sites = Readonly<Record<string, unknown>>> =
  | {
      /** What it is. */
      readonly kind: 'aurora-global';
      /** Identifier of the global cluster. Allowed: an identifier of 1 to 255 characters. */
      readonly globalId: string;
      /** ARN of the cluster of each site. */
      readonly clusters: { readonly [Name in NoInfer<keyof Sites>]?: string };
    }
  | {
      /** What it is. */
      readonly kind: 'documentdb-global';
      /** Identifier of the global cluster. Allowed: an identifier of 1 to 255 characters. */
      readonly globalId: string;
      /** ARN of the cluster of each site. */
      readonly clusters: { readonly [Name in NoInfer<keyof Sites>]?: string };
    }
  | {
      /** What it is. */
      readonly kind: 'neptune-global';
      /** Identifier of the global cluster. Allowed: an identifier of 1 to 255 characters. */
      readonly globalId: string;
      /** ARN of the cluster of each site. */
      readonly clusters: { readonly [Name in NoInfer<keyof Sites>]?: string };
    }
  | {
      /** What it is. */
      readonly kind: 'rds-replica';
      /** Identifier of the database instance of each site. */
      readonly instances: { readonly [Name in NoInfer<keyof Sites>]?: string };
      /**
       * Whether the old instance is made anew as a replica after a promotion: it is renamed, and never deleted. Left
       * out: a person does it.
       */
      readonly rebuild?: {
        /**
         * How long the move must be done before the old instance is renamed and a replica made in its place. Allowed:
         * 1m to 720h. Default: 1h.
         */
        readonly afterMs?: number | string | undefined;
      } | undefined;
    }
  | {
      /** What it is. */
      readonly kind: 'elasticache-global';
      /** Identifier of the global replication group. Allowed: an identifier of 1 to 255 characters. */
      readonly globalId: string;
      /** Replication group of each site. */
      readonly members: { readonly [Name in NoInfer<keyof Sites>]?: string };
    }
  | {
      /** What it is: every site writes, nothing is promoted. */
      readonly kind: 'dynamodb-global';
      /** Name of the table, whose state and lag are watched. Allowed: an identifier of 1 to 255 characters. */
      readonly tableName: string;
    }
  | {
      /** What it is: every site writes, nothing is promoted. */
      readonly kind: 'aurora-dsql';
      /** ARN of the cluster of each site, whose state is watched. */
      readonly clusters: { readonly [Name in NoInfer<keyof Sites>]?: string };
    }
  | {
      /** What it is: every site writes, nothing is promoted. */
      readonly kind: 'memorydb-multi-region';
      /** Name of the multi-Region cluster. Allowed: an identifier of 1 to 255 characters. */
      readonly globalId: string;
      /** ARN of the cluster of each site, whose state and lag are watched. */
      readonly clusters: { readonly [Name in NoInfer<keyof Sites>]?: string };
    }
  | {
      /** What it is. */
      readonly kind: 's3-mrap';
      /** The Multi-Region Access Point. Allowed: the ARN of a Multi-Region Access Point. */
      readonly accessPointArn: string;
      /** Bucket of each site. */
      readonly buckets: { readonly [Name in NoInfer<keyof Sites>]?: string };
    }
  | {
      /** What it is: functions of yours that promote, and may refuse. */
      readonly kind: 'custom';
      /** Function of each site, in the site's region. */
      readonly functions: { readonly [Name in NoInfer<keyof Sites>]?: string };
    };
