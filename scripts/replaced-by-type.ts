/**
 * Writes test/cdk/changes/replaced-by-type.json anew: of each resource type that our templates have, the properties of
 * which CloudFormation makes another resource. `npx tsx scripts/replaced-by-type.ts`, with further types as arguments.
 *
 * Source: the schemas of CloudFormation's registry for us-east-1, as cfn-lint brings them. `createOnlyProperties` can
 * be set only when a resource is made; `primaryIdentifier` is what it is known by. Source: CloudFormation CLI User
 * Guide, "Resource type definition schema".
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const file = join(resolve(import.meta.dirname, '..'), 'test/cdk/changes/replaced-by-type.json');

/** cfn-lint keeps one file a schema, and for each region an index of them by type. */
const reader = `
import json, os, sys
import cfnlint
from cfnlint.data.schemas.providers import us_east_1
from cfnlint.version import __version__
index = next(v for v in vars(us_east_1).values() if isinstance(v, dict) and 'AWS::S3::Bucket' in v)
folder = os.path.join(os.path.dirname(cfnlint.__file__), 'data', 'schemas', 'resources')
def read(name):
    with open(os.path.join(folder, index[name] + '.json')) as text:
        schema = json.load(text)
    plain = lambda key: sorted(each.removeprefix('/properties/') for each in schema.get(key) or [])
    return {
        'replaced': plain('createOnlyProperties'),
        'sometimes': plain('conditionalCreateOnlyProperties'),
        'identifier': plain('primaryIdentifier'),
    }
types = {name: read(name) for name in sorted(set(sys.argv[1:]))}
print(json.dumps({'source': 'cfn-lint ' + __version__ + ', schemas of us-east-1', 'types': types}, indent=2))
`;

const known = Object.keys(JSON.parse(readFileSync(file, 'utf8')).types);
const { status, stdout, stderr } = spawnSync('python3', ['-c', reader, ...known, ...process.argv.slice(2)], {
  encoding: 'utf8',
});
if (status !== 0) throw new Error(`cfn-lint's schemas cannot be read: ${stderr}`);
writeFileSync(file, stdout);
