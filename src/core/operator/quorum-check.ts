import { type Deployment, majorityOf, serviceOf } from '../model/deployment.ts';
import type { OpinionItem } from '../tables/opinion-item.ts';
import { type DeploymentView, noRegister } from './table-survey.ts';

/** Whether a service could fail over now, as far as watchers and tables go. */
export interface QuorumCheck {
  readonly isUsable: boolean;
  readonly usableWatchers: number;
  readonly quorum: number;
  readonly answeringTables: number;
  readonly majority: number;
  readonly why: string;
}

/** What is counted: services, tables that answer, and what each fresh watcher holds. */
export type QuorumView = Pick<DeploymentView, 'serviceViews' | 'answered'> & {
  readonly items: Readonly<Record<string, Pick<OpinionItem, 'tracks'>>>;
};

/** Counts what a failover would need; pure. */
export function checkQuorum(deployment: Deployment, serviceName: string, deploymentView: QuorumView): QuorumCheck {
  const service = serviceOf(deployment, serviceName);
  const view = deploymentView.serviceViews[serviceName]?.register;
  const usableWatchers = Object.values(deploymentView.items).filter((item) =>
    Object.values(item.tracks[serviceName] ?? {}).some((track) => track.opinion !== 'unknown'),
  ).length;
  const majority = majorityOf(deployment);
  const { quorum } = service.detection;
  const counted = { usableWatchers, quorum, answeringTables: deploymentView.answered.length, majority };
  const why =
    quorum > deployment.controlRegions.length
      ? `quorum ${quorum} can never be reached with ${deployment.controlRegions.length} watchers`
      : usableWatchers < Math.max(quorum, majority)
        ? `${usableWatchers} usable ${usableWatchers === 1 ? 'watcher' : 'watchers'}, ${Math.max(quorum, majority)} are needed`
        : view?.kind === 'absent'
          ? noRegister
          : view === undefined || view.kind === 'no-majority'
            ? `${tablesAnswering(deploymentView.answered.length)} with a valid register, ${majority} are needed`
            : '';
  return { isUsable: why === '', ...counted, why };
}

function tablesAnswering(count: number): string {
  return count === 1 ? '1 state table answers' : `${count} state tables answer`;
}
