/** Weights of target groups behind a listener or a listener rule. */
export interface LoadBalancers {
  /** Weight of each target group that is forwarded to, by ARN. */
  readWeights(region: string, listenerArn: string): Promise<Readonly<Record<string, number>>>;
  /** Sets them in one write, keeping everything else of the action, stickiness among it. */
  setWeights(region: string, listenerArn: string, weights: Readonly<Record<string, number>>): Promise<void>;
}
