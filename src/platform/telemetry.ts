import type { Config } from './config.js';
import type { StatementRun } from './connections.js';
import type { Log } from './log.js';
import { createMetrics, type Metrics } from './metrics.js';
import type { Tracing } from './tracing.js';

/** What an operator sees of a gateway: its numbers, and where time goes if somebody collects that. */
export interface Telemetry {
  metrics: Metrics;
  tracing: Tracing | undefined;
  statement(run: StatementRun): void;
  stop(): Promise<void>;
}

export async function startTelemetry({ traces }: Pick<Config, 'traces'>, log: Log): Promise<Telemetry> {
  const metrics = createMetrics();
  const tracing = traces && (await import('./tracing.js')).startTracing(traces, log);
  return {
    metrics,
    tracing,
    statement(run) {
      metrics.statement(run);
      tracing?.statement(run);
    },
    async stop() {
      await tracing?.stop();
    },
  };
}
