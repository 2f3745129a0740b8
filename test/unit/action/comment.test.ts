import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const script = resolve('action/comment.sh');

/** A program that stands for another, and writes what it was called with. */
function stub(folder: string, name: string, text: string): void {
  const path = join(folder, name);
  writeFileSync(path, `#!/usr/bin/env bash\n${text}\n`);
  chmodSync(path, 0o755);
}

/** A repository whose branch changes the configuration, and a command line and a GitHub that answer as told. */
function pullRequest({ base = 'old: 1\n' as string | null, exit = 0, comment = '', ghExit = 0 }) {
  const folder = mkdtempSync(join(tmpdir(), 'action-'));
  const bin = mkdtempSync(join(tmpdir(), 'action-bin-'));
  const calls = join(bin, 'calls');
  const git = (...args: readonly string[]) =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], { cwd: folder });
  git('init', '--quiet');
  writeFileSync(join(folder, base === null ? 'other' : 'failover.config.yaml'), base ?? 'x');
  git('add', '.');
  git('commit', '--quiet', '--message', 'base');
  const sha = String(git('rev-parse', 'HEAD')).trim();
  writeFileSync(join(folder, 'failover.config.yaml'), 'new: 1\n');
  stub(bin, 'npx', `echo "npx $*" >> ${calls}; for f in "$@"; do [[ -f $f ]] && cat "$f"; done; exit ${exit}`);
  stub(
    bin,
    'gh',
    `echo "gh $*" >> ${calls}; for a in "$@"; do [[ $a == body=@* ]] && cat "\${a#body=@}" >> ${calls}; done
[[ $* == *--jq* ]] && printf '%s' '${comment}'; exit ${ghExit}`,
  );
  const env = {
    PATH: `${bin}:${process.env.PATH}`,
    CONFIG: 'failover.config.yaml',
    BASE_SHA: sha,
    PULL_REQUEST: '7',
    GITHUB_REPOSITORY: 'acme/shop',
  };
  const run = (more: Readonly<Record<string, string>> = {}) => {
    const { status, stderr, stdout } = spawnSync('bash', [script], {
      cwd: folder,
      env: { ...env, ...more },
      encoding: 'utf8',
    });
    const left = String(git('status', '--porcelain', '--ignored'));
    return { status, stderr, stdout, left };
  };
  return { run, calls: () => readFileSync(calls, 'utf8') };
}

test('a changed configuration is compared with that of the base, and the comment says what follows', () => {
  const { run, calls } = pullRequest({});

  const { status, left } = run();

  expect(status).toBe(0);
  expect(calls()).toContain(
    'npx --no-install cdk-failover validate failover.config.yaml --against ./.base-failover.config.yaml',
  );
  expect(calls()).toContain('gh api --method POST repos/acme/shop/issues/7/comments');
  expect(calls()).toMatch(
    /<!-- cdk-failover validate failover.config.yaml -->\n.*may be deployed\n\n```text\nnew: 1\nold: 1\n```/,
  );
  expect(left).toBe(' M failover.config.yaml\n');
});

test.each([1, 2])('exit code %i of the command is that of the action, after the comment', (exit) => {
  const { run, calls } = pullRequest({ exit });

  expect(run().status).toBe(exit);
  expect(calls()).toContain('is not to be deployed as it is');
});

test('a comment that is there is changed, and no second one is written', () => {
  const { run, calls } = pullRequest({ comment: '4711' });

  run();

  expect(calls()).toContain('gh api --method PATCH repos/acme/shop/issues/comments/4711');
  expect(calls()).not.toContain('POST');
});

test('a configuration that the base does not have is validated alone', () => {
  const { run, calls } = pullRequest({ base: null });

  expect(run().status).toBe(0);
  expect(calls()).toContain('npx --no-install cdk-failover validate failover.config.yaml\n');
  expect(calls()).toContain('there is nothing to compare it with');
});

test.each([0, 1])('a token that may not write changes no result: %i', (exit) => {
  const { status, stdout } = pullRequest({ exit, ghExit: 1 }).run();

  expect(status).toBe(exit);
  expect(stdout).toContain('::warning::cdk-failover: the comment could not be written');
});

test('without a pull request there is one line that says what to write, and exit code 2', () => {
  const { status, stderr } = pullRequest({}).run({ PULL_REQUEST: '' });

  expect([status, stderr]).toEqual([2, 'cdk-failover: there is no pull request; run this action on: pull_request\n']);
});

test('the action gives the script what it asks for', () => {
  const action = parse(readFileSync('action/action.yml', 'utf8')) as {
    readonly runs: { readonly steps: readonly { readonly env: Readonly<Record<string, string>> }[] };
  };

  const given = Object.keys(action.runs.steps[0]?.env ?? {});

  for (const name of ['CONFIG', 'GH_TOKEN', 'BASE_SHA', 'PULL_REQUEST']) expect(given).toContain(name);
  expect(readFileSync(script, 'utf8')).toContain('CONFIG, BASE_SHA, PULL_REQUEST, GH_TOKEN');
});
