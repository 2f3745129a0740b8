// Made from the schema in src/config/schema/ by `npm run docs`; do not edit.
/** A thing that is raised or started. */
export type ScaleInput =
  | {
      /** What it is. */
      readonly kind: 'auto-scaling-group';
      /** Name of the group. Allowed: a name of 1 to 255 characters. */
      readonly name: string;
      /** Size while the site serves, at least. Allowed: a whole number from 0 to 10000. */
      readonly size: number;
      /** Whether it is raised to the last known size of the site that is left, if that is larger. Default: false. */
      readonly asActive?: boolean | undefined;
      /** Size while the site waits. Allowed: a whole number from 0 to 10000. Default: 0. */
      readonly standbySize?: number | undefined;
    }
  | {
      /** What it is. */
      readonly kind: 'ecs-service';
      /** Name of the cluster. Allowed: a name of 1 to 255 characters. */
      readonly cluster: string;
      /** Name of the service. Allowed: a name of 1 to 255 characters. */
      readonly name: string;
      /** Size while the site serves, at least. Allowed: a whole number from 0 to 10000. */
      readonly size: number;
      /** Whether it is raised to the last known size of the site that is left, if that is larger. Default: false. */
      readonly asActive?: boolean | undefined;
      /** Size while the site waits. Allowed: a whole number from 0 to 10000. Default: 0. */
      readonly standbySize?: number | undefined;
    }
  | {
      /** What it is: the nodes of a managed node group of EKS. */
      readonly kind: 'eks-nodegroup';
      /** Name of the cluster. Allowed: the name of a cluster: letters, digits, - and _, no ARN. */
      readonly cluster: string;
      /** Name of the node group. Allowed: the name of a node group: letters, digits, - and _, no ARN. */
      readonly name: string;
      /** Size while the site serves, at least. Allowed: a whole number from 0 to 10000. */
      readonly size: number;
      /** Whether it is raised to the last known size of the site that is left, if that is larger. Default: false. */
      readonly asActive?: boolean | undefined;
      /** Size while the site waits. Allowed: a whole number from 0 to 10000. Default: 0. */
      readonly standbySize?: number | undefined;
    }
  | {
      /** What it is: the pods of a Deployment in an EKS cluster, through its Kubernetes API. */
      readonly kind: 'eks-deployment';
      /** Name of the cluster. Allowed: the name of a cluster: letters, digits, - and _, no ARN. */
      readonly cluster: string;
      /** Its namespace. Allowed: the name of a namespace: lower-case letters, digits and -. Default: "default". */
      readonly namespace?: string | undefined;
      /** Name of the Deployment. Allowed: the name of a Deployment: lower-case letters, digits, - and dots. */
      readonly name: string;
      /** Size while the site serves, at least. Allowed: a whole number from 0 to 10000. */
      readonly size: number;
      /** Whether it is raised to the last known size of the site that is left, if that is larger. Default: false. */
      readonly asActive?: boolean | undefined;
      /** Size while the site waits. Allowed: a whole number from 0 to 10000. Default: 0. */
      readonly standbySize?: number | undefined;
    }
  | {
      /** What it is. */
      readonly kind: 'provisioned-concurrency';
      /** Name of the function. Allowed: the name of a Lambda function. */
      readonly functionName: string;
      /** Its alias. Allowed: an alias of 1 to 128 characters. */
      readonly alias: string;
      /** Size while the site serves, at least. Allowed: a whole number from 0 to 10000. */
      readonly size: number;
      /** Whether it is raised to the last known size of the site that is left, if that is larger. Default: false. */
      readonly asActive?: boolean | undefined;
      /** Size while the site waits. Allowed: a whole number from 0 to 10000. Default: 0. */
      readonly standbySize?: number | undefined;
    }
  | {
      /** What it is: the least capacity of the serverless instances of an Aurora cluster, in ACUs. */
      readonly kind: 'aurora-serverless';
      /**
       * Identifier of the cluster in the site's region. Allowed: the identifier of a cluster, in lower case, as AWS
       * keeps it.
       */
      readonly cluster: string;
      /**
       * ACUs that each instance has at least while the site serves. Allowed: a number from 0 to 256, in steps of 0.5.
       */
      readonly size: number;
      /** Whether it is raised to the last known size of the site that is left, if that is larger. Default: false. */
      readonly asActive?: boolean | undefined;
      /**
       * ACUs that each has at least while the site waits. Allowed: a number from 0 to 256, in steps of 0.5. Default:
       * 0.5.
       */
      readonly standbySize?: number | undefined;
    }
  | {
      /** What it is: readers of an Aurora cluster, made when they are needed and deleted after; see docs/standby.md. */
      readonly kind: 'aurora-readers';
      /**
       * Identifier of the cluster in the site's region. Allowed: the identifier of a cluster, in lower case, of at most
       * 51 characters: the names of its readers begin with it.
       */
      readonly cluster: string;
      /**
       * Readers while the site serves, at least: instances besides the one that writes. Allowed: a whole number from 0
       * to 15.
       */
      readonly size: number;
      /** Whether it is raised to the last known size of the site that is left, if that is larger. Default: false. */
      readonly asActive?: boolean | undefined;
      /**
       * Readers while the site waits: instances besides the one that will write. Allowed: a whole number from 0 to 15.
       * Default: 0.
       */
      readonly standbySize?: number | undefined;
    }
  | {
      /**
       * What it is: what a table of DynamoDB, or an index of it, can read or write in a second; see docs/standby.md.
       */
      readonly kind: 'dynamodb-capacity';
      /**
       * Name of the table in the site's region. Allowed: the name of a table: 3 to 255 letters, digits, _, - and dots,
       * no ARN.
       */
      readonly table: string;
      /**
       * A global secondary index of it. Default: the table itself. Allowed: the name of an index: 3 to 255 letters,
       * digits, _, - and dots, no ARN.
       */
      readonly index?: string | undefined;
      /** Which of its two capacities; list the table twice for both. */
      readonly units: 'read' | 'write';
      /** Units a second while the site serves, at least. Allowed: a whole number from 1 to 10000000. */
      readonly size: number;
      /** Whether it is raised to the last known size of the site that is left, if that is larger. Default: false. */
      readonly asActive?: boolean | undefined;
      /** Units a second while the site waits. Allowed: a whole number from 1 to 10000000. Default: 1. */
      readonly standbySize?: number | undefined;
    }
  | {
      /** What it is: whatever a function of yours scales, see docs/standby.md. */
      readonly kind: 'custom';
      /** Name of the function, in the site's region. It is told the site. Allowed: the name of a Lambda function. */
      readonly functionName: string;
      /**
       * Size while the site serves, at least, in the unit of the function. Allowed: a whole number from 0 to 10000.
       * Default: 1.
       */
      readonly size?: number | undefined;
      /** Whether it is raised to the last known size of the site that is left, if that is larger. Default: false. */
      readonly asActive?: boolean | undefined;
      /** Size while the site waits. Allowed: a whole number from 0 to 10000. Default: 0. */
      readonly standbySize?: number | undefined;
    }
  | {
      /** What it is: instances that run while the site serves. */
      readonly kind: 'instances';
      /**
       * The instances. If a KMS key of yours encrypts their volumes, its policy must allow the `start` function
       * `kms:CreateGrant`; otherwise the instances stop again at once. Allowed: a list of 1 to 50 instance ids.
       */
      readonly instanceIds: readonly string[];
    };
