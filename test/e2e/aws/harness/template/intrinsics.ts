/** A synthesized template, as far as the tests read it. */
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

/** One resource of a template. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
}

/** Where a template is deployed. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** Property that names a resource of a type, and the service and form of its ARN. */
const named: Readonly<Record<string, { readonly property: string; readonly arn: (name: string) => string }>> = {
  'AWS::DynamoDB::Table': { property: 'TableName', arn: (name) => `dynamodb:R:A:table/${name}` },
  'AWS::DynamoDB::GlobalTable': { property: 'TableName', arn: (name) => `dynamodb:R:A:table/${name}` },
  'AWS::Lambda::Function': { property: 'FunctionName', arn: (name) => `lambda:R:A:function:${name}` },
  'AWS::SNS::Topic': { property: 'TopicName', arn: (name) => `sns:R:A:${name}` },
  'AWS::Logs::LogGroup': { property: 'LogGroupName', arn: (name) => `logs:R:A:log-group:${name}:*` },
  'AWS::IAM::Role': { property: 'RoleName', arn: (name) => `iam::A:role/${name}` },
  'AWS::SSM::Parameter': { property: 'Name', arn: (name) => `ssm:R:A:parameter/${name.replace(/^\//, '')}` },
};

/** What `Ref` gives for these is the ARN, not the name. */
const referredByArn = ['AWS::SNS::Topic'];

/** Evaluates CloudFormation's functions, as far as our templates use them. Throws on any other. */
export class Intrinsics {
  readonly #template: Template;
  readonly #place: Place;

  constructor(template: Template, place: Place) {
    this.#template = template;
    this.#place = place;
  }

  /** The value with every function in it replaced by what it gives. */
  resolve(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((each) => this.resolve(each));
    if (value === null || typeof value !== 'object') return value;
    const entries = Object.entries(value);
    const [only] = entries;
    if (entries.length === 1 && only) {
      const [key, argument] = only;
      if (key === 'Ref') return this.#refer(String(argument));
      if (key.startsWith('Fn::')) return this.#call(key, argument);
    }
    return Object.fromEntries(
      entries.map(([key, each]) => [key, this.resolve(each)]).filter(([, each]) => each !== undefined),
    );
  }

  text(value: unknown): string {
    const resolved = this.resolve(value);
    if (typeof resolved !== 'string' && typeof resolved !== 'number') {
      throw new Error(`not a text: ${JSON.stringify(value)}`);
    }
    return String(resolved);
  }

  /** Name that the resource has or will be given. */
  nameOf(logicalId: string): string {
    const resource = this.#find(logicalId);
    const kind = named[resource.Type];
    const given = kind && resource.Properties?.[kind.property];
    return given === undefined ? logicalId : this.text(given);
  }

  arnOf(logicalId: string): string {
    const { Type } = this.#find(logicalId);
    const kind = named[Type];
    if (!kind) return `arn:aws:unknown:::${logicalId}`;
    const { region, account } = this.#place;
    return `arn:aws:${kind.arn(this.nameOf(logicalId)).replace(':R:', `:${region}:`).replace(':A:', `:${account}:`)}`;
  }

  #find(logicalId: string): Resource {
    const resource = this.#template.Resources[logicalId];
    if (!resource) throw new Error(`the template has no resource ${logicalId}`);
    return resource;
  }

  #refer(name: string): unknown {
    switch (name) {
      case 'AWS::Region':
        return this.#place.region;
      case 'AWS::AccountId':
        return this.#place.account;
      case 'AWS::Partition':
        return 'aws';
      case 'AWS::URLSuffix':
        return 'amazonaws.com';
      case 'AWS::NoValue':
        return undefined;
      case 'AWS::StackName':
        return 'stack';
      default: {
        const parameter = this.#template.Parameters?.[name];
        if (parameter) return parameter.Default ?? name;
        return referredByArn.includes(this.#find(name).Type) ? this.arnOf(name) : this.nameOf(name);
      }
    }
  }

  #call(name: string, argument: unknown): unknown {
    const parts = Array.isArray(argument) ? argument : [];
    switch (name) {
      case 'Fn::Join':
        return (this.resolve(parts[1]) as readonly unknown[]).map(String).join(String(parts[0]));
      case 'Fn::GetAtt': {
        const [logicalId, attribute] = typeof argument === 'string' ? argument.split('.') : parts.map(String);
        if (attribute === 'Arn' || attribute === 'TopicArn') return this.arnOf(String(logicalId));
        // What only a deployment knows: named, so that it can be recognised.
        return `${logicalId}.${attribute}`;
      }
      case 'Fn::Sub':
        if (typeof argument === 'string') {
          return argument.replace(/\$\{([^}]+)\}/g, (_, inner: string) =>
            inner.includes('.') ? this.text({ 'Fn::GetAtt': inner }) : this.text({ Ref: inner }),
          );
        }
        break;
      case 'Fn::Select':
        return (this.resolve(parts[1]) as readonly unknown[])[Number(parts[0])];
      case 'Fn::Split':
        return this.text(parts[1]).split(String(parts[0]));
    }
    throw new Error(`the tests cannot evaluate ${name} of ${JSON.stringify(argument)}`);
  }
}
