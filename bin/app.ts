import { runFailoverApp } from '../lib/failover-app.ts';

await runFailoverApp(async () => (await import('../failover.config.ts')).deployment);
