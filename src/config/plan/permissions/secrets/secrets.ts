import type { SecretNames } from '../../secrets.ts';
import { keyArns, parameterArn, secretArns } from '../arn.ts';
import type { Statement } from '../statement.ts';
import { allow } from '../statement.ts';

/**
 * Secrets, read through Parameter Store, and parameters. The key may be the user's own: it may decrypt those secrets
 * alone. Sources: Secrets Manager User Guide, "Secret encryption and decryption"; Systems Manager User Guide, "AWS KMS
 * encryption for SecureString parameters".
 */
export function secretStatements(region: string, { secrets, parameters, read }: SecretNames): readonly Statement[] {
  const secretsThere = secrets.map((name) => secretArns(region, name));
  const parametersThere = parameters.map((name) => parameterArn(region, name));
  return [
    ...(read.length === 0
      ? []
      : [
          allow(
            ['ssm:GetParameter'],
            read.map((name) => parameterArn(region, name)),
          ),
        ]),
    ...(secrets.length === 0
      ? []
      : [
          allow(['secretsmanager:GetSecretValue'], secretsThere),
          decrypt(region, ['secretsmanager', 'ssm'], 'SecretARN', secretsThere),
        ]),
    ...(parameters.length === 0 ? [] : [decrypt(region, ['ssm'], 'PARAMETER_ARN', parametersThere)]),
  ];
}

function decrypt(
  region: string,
  services: readonly string[],
  contextKey: string,
  resources: readonly string[],
): Statement {
  return {
    actions: ['kms:Decrypt'],
    resources: [keyArns(region)],
    conditions: {
      StringEquals: { 'kms:ViaService': services.map((service) => `${service}.${region}.amazonaws.com`) },
      StringLike: { [`kms:EncryptionContext:${contextKey}`]: [...resources] },
    },
  };
}
