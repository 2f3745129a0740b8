/** Tag of an RDS instance that was a replica and was promoted: its value is the site that it was promoted from. */
export const promotedTag = 'cdk-failover:promoted-from';
