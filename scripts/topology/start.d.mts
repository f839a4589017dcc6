/** Whatever is told of a process that has ended: its exit code, or the signal that ended it. */
export interface Ended {
  code: number | null;
  signal: string | null;
}

/** A gateway in a process of its own, on a port that it keeps when it is started again. */
export interface GatewayProcess {
  readonly name: string;
  readonly port: number;
  readonly url: string;
  /** Every end so far that nobody asked for, with the last lines of its log. */
  readonly faults: readonly string[];
  pid(): number | undefined;
  /** What it has printed and logged so far, in all its lives. */
  output(): string;
  /** Starts it, and returns when it is ready. */
  start(): Promise<void>;
  /** Ends it with a signal, SIGTERM unless told, and returns when it is gone. */
  stop(signal?: NodeJS.Signals): Promise<Ended | undefined>;
}

/** A PostgreSQL that can be stopped and started again, where it was. */
export interface Postgres {
  readonly port: number;
  /** The address of a database, for the superuser. */
  urlOf(database?: string): string;
  start(): Promise<void>;
  stop(signal: NodeJS.Signals): Promise<void>;
  /** Asks it as superuser, on a connection that is made for this. */
  query<Row = unknown>(text: string, values?: unknown[], database?: string): Promise<Row[]>;
}

export interface Topology {
  /** Where clients send to: HAProxy, or the first gateway where there is none. */
  readonly url: string;
  readonly folder: string;
  /** Where captured mail lies. */
  readonly mailFolder: string;
  readonly primary: Postgres & {
    /** The address of a database, for the gateways' own role; with another port, through a pooler. */
    gatewayUrl(database?: string, port?: number): string;
  };
  readonly standby: (Postgres & { readUrl: string }) | undefined;
  readonly pooler: { port: number } | undefined;
  readonly balancer:
    | {
        url: string;
        statusUrl: string;
        /** Whether requests are sent to this gateway at present. */
        sendsTo(gateway: string): Promise<boolean>;
      }
    | undefined;
  readonly gateways: readonly GatewayProcess[];
  /** One more gateway, which is not started yet and which HAProxy does not know, on this database of the primary. */
  addGateway(name: string, database?: string): Promise<GatewayProcess>;
  /** Ends everything at once, and clears the folder. */
  stop(): Promise<void>;
}

/** What a topology has, and what the gateways are told beside the addresses. */
export interface TopologyOptions {
  replicas?: number;
  standby?: boolean;
  pooler?: boolean;
  balancer?: boolean;
  env?: Record<string, string>;
}

/**
 * Starts many replicas on this machine, each thing a process on 127.0.0.1, and returns when all of it answers. Without a
 * `standby`, `pooler` or `balancer` the topology does without.
 *
 * @throws if HAProxy or PgBouncer is needed and not installed.
 */
export function startTopology(options?: TopologyOptions): Promise<Topology>;
