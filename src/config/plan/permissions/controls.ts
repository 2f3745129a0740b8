import { allow, type KindStatements } from './statement.ts';

/**
 * The routing controls that are declared, and no safety rule overridden. Source: Service Authorization Reference,
 * "Amazon Route 53 Recovery Cluster".
 */
export const controlsStatements: KindStatements = ({ services }) => {
  const arns = Object.values(services).flatMap(({ traffic }) =>
    Object.values(traffic.controls?.routingControlArns ?? {}),
  );
  return [
    allow(['route53-recovery-cluster:GetRoutingControlState'], [...new Set(arns)]),
    {
      actions: ['route53-recovery-cluster:UpdateRoutingControlStates'],
      resources: [...new Set(arns)],
      conditions: { BoolIfExists: { 'route53-recovery-cluster:AllowSafetyRulesOverrides': 'false' } },
    },
  ];
};
