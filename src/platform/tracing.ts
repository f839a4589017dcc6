import { AsyncLocalStorage } from 'node:async_hooks';
import type { IncomingHttpHeaders } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Attributes,
  type Context,
  defaultTextMapGetter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { ExportResultCode, W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { StatementRun } from './connections.js';
import type { Log } from './log.js';
import { sqlState } from './unavailable.js';

// Loaded only where traces are asked for: without them a start pays nothing for what is imported here.

/** Where the time of requests goes, told to a collector. */
export interface Tracing {
  /** Begins the span of an HTTP request, in the trace that the request itself names (W3C Trace Context). */
  request(method: string, headers: IncomingHttpHeaders): RequestTrace;
  /**
   * A statement becomes a span of the request that sent it. One that reads for several requests at once belongs to the one that
   * had it sent; the others only wait for it.
   */
  statement(run: StatementRun): void;
  /** Sends what is left, for at most two seconds. */
  stop(): Promise<void>;
}

export interface RequestTrace {
  readonly id: string;
  /** Runs work whose statements belong to this request. */
  during(work: () => void): void;
  /** A GraphQL operation has begun, at this `performance.now()`. */
  operation(type: string, rootField: string, startedAt: number): void;
  /** It is over; with the code of its first error, if there is one. */
  operationOver(code: string | undefined): void;
  /** The request is over: attributes by the semantic conventions, and the route for a name. */
  over(name: string, attributes: Attributes, code: string | undefined): void;
}

const stopPatienceMs = 2_000;
const warningPauseMs = 60_000;

export function startTracing({ url, serviceName }: { url: string; serviceName: string }, log: Log): Tracing {
  const exporter = warningOnly(new OTLPTraceExporter({ url: `${url}/v1/traces` }), log);
  const provider = new BasicTracerProvider({
    resource: defaultResource().merge(resourceFromAttributes({ 'service.name': serviceName })),
    // The queue is bounded: what does not fit while the collector is slow is dropped.
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer('tenantry');
  const propagator = new W3CTraceContextPropagator();
  const current = new AsyncLocalStorage<RequestSpans>();
  return {
    request(method, headers) {
      const from = propagator.extract(ROOT_CONTEXT, headers, defaultTextMapGetter);
      const span = tracer.startSpan(method, { kind: SpanKind.SERVER }, from);
      return new RequestSpans(tracer, span, current);
    },
    statement: (run) => current.getStore()?.statement(run),
    async stop() {
      const enough = new AbortController();
      await Promise.race([provider.shutdown(), sleep(stopPatienceMs, undefined, { signal: enough.signal })]).catch(
        () => {},
      );
      enough.abort();
    },
  };
}

class RequestSpans implements RequestTrace {
  readonly #tracer: Tracer;
  readonly #span: Span;
  readonly #current: AsyncLocalStorage<RequestSpans>;
  #operation: Span | undefined;
  #innermost: Context;

  constructor(tracer: Tracer, span: Span, current: AsyncLocalStorage<RequestSpans>) {
    this.#tracer = tracer;
    this.#span = span;
    this.#current = current;
    this.#innermost = trace.setSpan(ROOT_CONTEXT, span);
  }

  get id(): string {
    return this.#span.spanContext().traceId;
  }

  during(work: () => void): void {
    this.#current.run(this, work);
  }

  operation(type: string, rootField: string, startTime: number): void {
    const attributes = { 'graphql.operation.type': type };
    this.#operation = this.#tracer.startSpan(`${type} ${rootField}`, { startTime, attributes }, this.#innermost);
    this.#innermost = trace.setSpan(this.#innermost, this.#operation);
  }

  operationOver(code: string | undefined): void {
    if (this.#operation) end(this.#operation, code);
  }

  over(name: string, attributes: Attributes, code: string | undefined): void {
    this.#span.updateName(name).setAttributes(attributes);
    end(this.#span, code);
  }

  /** The text is our own, with placeholders where values go. */
  statement({ text, startedAt, milliseconds, error }: StatementRun): void {
    if (!(this.#span.spanContext().traceFlags & TraceFlags.SAMPLED)) return;
    const verb = /^\s*(\w+)/.exec(text)?.[1]?.toUpperCase() ?? 'SQL';
    const attributes = { 'db.system.name': 'postgresql', 'db.operation.name': verb, 'db.query.text': text };
    const options = { kind: SpanKind.CLIENT, startTime: startedAt, attributes };
    const span = this.#tracer.startSpan(verb, options, this.#innermost);
    if (error !== undefined) {
      const state = sqlState(error);
      if (state) span.setAttribute('db.response.status_code', state);
      span.setAttribute('error.type', state ?? 'connection').setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end(startedAt + milliseconds);
  }
}

function end(span: Span, code: string | undefined): void {
  if (code) span.setAttribute('error.type', code);
  // What the caller did wrong is no fault of ours.
  if (code && faults.has(code)) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

const faults: ReadonlySet<string> = new Set(['INTERNAL_SERVER_ERROR', 'SERVICE_UNAVAILABLE']);

/** A collector that is down is worth a warning a minute, and nothing more. */
function warningOnly(exporter: SpanExporter, log: Log): SpanExporter {
  let warnedAt = Number.NEGATIVE_INFINITY;
  return {
    export(spans, done) {
      exporter.export(spans, ({ code, error }) => {
        if (code !== ExportResultCode.SUCCESS && performance.now() - warnedAt >= warningPauseMs) {
          warnedAt = performance.now();
          // The error itself may repeat the address, and with it what is secret in it.
          log.warn({ reason: reasonOf(error) }, 'traces could not be sent to their collector');
        }
        done({ code: ExportResultCode.SUCCESS });
      });
    },
    shutdown: () => exporter.shutdown(),
  };
}

function reasonOf(error: (Error & { code?: unknown }) | undefined): string {
  return String(error?.code ?? error?.name ?? 'unknown');
}
