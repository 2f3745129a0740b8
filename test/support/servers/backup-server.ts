import type { Answering } from '../stand-in.ts';
import { jsonError } from '../stand-in.ts';

/** What a vault of AWS Backup keeps, and what was restored, as lists of the fields that its API gives. */
export interface BackupState {
  readonly vault: string;
  readonly points: readonly {
    readonly RecoveryPointArn?: string;
    readonly ResourceArn: string;
    readonly Status: string;
    readonly CreationDate: number;
  }[];
  readonly jobs: readonly {
    readonly Status: string;
    readonly CompletionDate?: number;
    readonly ValidationStatus?: string;
  }[];
  /** Entries of a page. */
  readonly pageSize: number;
}

/**
 * Answers as the REST protocol of AWS Backup does; dates are epoch seconds. Source: AWS Backup API Reference,
 * "ListRecoveryPointsByBackupVault" and "ListRestoreJobsByProtectedResource".
 */
export function backupServer(state: BackupState): Answering {
  return ({ method, path }, response) => {
    const url = new URL(path, 'http://backup');
    const [, top, name = '', list] = url.pathname.split('/').map(decodeURIComponent);
    const asked = url.searchParams;
    const page = (key: string, all: readonly object[]) => {
      const from = Number(asked.get('nextToken') ?? 0);
      const to = from + state.pageSize;
      const answer = { [key]: all.slice(from, to), ...(to < all.length ? { NextToken: String(to) } : {}) };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    };
    if (method === 'GET' && top === 'backup-vaults' && list === 'recovery-points') {
      if (name !== state.vault) return jsonError(response, 'ResourceNotFoundException');
      const afterMs = Date.parse(asked.get('createdAfter') ?? '1970-01-01T00:00:00Z');
      const isAsked = ({ ResourceArn, CreationDate }: BackupState['points'][number]) =>
        ResourceArn === asked.get('resourceArn') && CreationDate * 1_000 > afterMs;
      return page('RecoveryPoints', state.points.filter(isAsked));
    }
    if (method === 'GET' && top === 'resources' && list === 'restore-jobs') {
      return page(
        'RestoreJobs',
        state.jobs.filter(({ Status }) => Status === asked.get('status')),
      );
    }
    return jsonError(response, 'InvalidRequestException');
  };
}
