import type { Deployment } from '../../core/model/deployment.ts';
import { type Price, type PriceName, prices } from './prices.ts';
import { quantitiesOf } from './quantities.ts';

/** One part of the price of a deployment. */
export interface CostLine {
  readonly part: string;
  /** Units a month. */
  readonly quantity: number;
  readonly price: Price;
  readonly listUsd: number;
  /** The price when nothing else in the account uses the free tier that never ends. */
  readonly afterFreeUsd: number;
}

/** The price of a deployment in a month of 730 hours without a failover, in US dollars without tax. */
export interface CostReport {
  readonly lines: readonly CostLine[];
  readonly listUsd: number;
  readonly afterFreeUsd: number;
}

/** Computes the monthly price of a deployment, part by part. Parts that it does not have are left out. */
export function costOf(deployment: Deployment): CostReport {
  const used = new Map<PriceName, number>();
  const lines = quantitiesOf(deployment)
    .filter(({ quantity }) => quantity > 0)
    .map(({ part, quantity, price: name }): CostLine => {
      const price: Price = prices[name];
      const before = used.get(name) ?? 0;
      used.set(name, before + quantity);
      const paid = Math.max(0, before + quantity - price.freeUnits) - Math.max(0, before - price.freeUnits);
      const usdOf = (units: number) => (units / price.per) * price.usd;
      return { part, quantity, price, listUsd: usdOf(quantity), afterFreeUsd: usdOf(paid) };
    });
  const sum = (key: 'listUsd' | 'afterFreeUsd') => lines.reduce((total, line) => total + line[key], 0);
  return { lines, listUsd: sum('listUsd'), afterFreeUsd: sum('afterFreeUsd') };
}
