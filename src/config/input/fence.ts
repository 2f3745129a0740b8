// Made from the schema in src/config/schema/ by `npm run docs`; do not edit.
/** How a site is cut off from clients. */
export type FenceInput =
  | {
      /**
       * Puts its instances into a security group that allows no inbound traffic. Open connections that security groups
       * track go on until they end: choose another kind where such connections may write. Default: "groups".
       */
      readonly kind?: 'groups' | undefined;
      /** Instances of the site. Allowed: a list of 1 to 50 instance ids. */
      readonly instanceIds: readonly string[];
      /** Security group without inbound rules. Allowed: a security group id, such as sg-0123456789abcdef0. */
      readonly isolationGroupId: string;
    }
  | {
      /** Takes its targets out of their target group. */
      readonly kind: 'targets';
      /**
       * The target group. The fence is closed after its deregistration delay, 5 minutes by default: set that to 0.
       * Allowed: the ARN of a target group.
       */
      readonly targetGroupArn: string;
      /** Instances or addresses of the site. Allowed: a list of 1 to 100 targets. */
      readonly targetIds: readonly string[];
    }
  | {
      /** Takes its Elastic IPs away. */
      readonly kind: 'address';
      /** The Elastic IP, or several. Allowed: an allocation id, or a list of up to 8. */
      readonly allocationId: string | readonly string[];
      /**
       * Instance of the site that may hold them, at whichever of its interfaces. Allowed: an instance id, such as
       * i-0123456789abcdef0.
       */
      readonly instanceId?: string | undefined;
      /**
       * Network interface of the site that may hold them, or several; `traffic.address` names them. Allowed: a network
       * interface id, or a list of up to 8.
       */
      readonly networkInterfaceId?: string | readonly string[] | undefined;
    }
  | {
      /** Invokes a function of yours. `read-only`: it stops writes and still serves readers. */
      readonly kind: 'custom' | 'read-only';
      /** The function. Allowed: the name of a Lambda function. */
      readonly functionName: string;
      /**
       * Region in which it runs. A site outside AWS needs it; left out: the region of the site. Allowed: an AWS region,
       * such as us-east-1.
       */
      readonly region?: string | undefined;
    };
