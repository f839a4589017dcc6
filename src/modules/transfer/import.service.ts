import { auditEvent } from '../../auth/audit.js';
import { conflictOf } from '../../auth/conflicts.js';
import type { Catalogue } from '../../auth/permissions.js';
import type { Plans } from '../../auth/plans.js';
import type { RequestFacts } from '../../auth/scope.js';
import type { AuditEvent } from '../../generated/prisma/client.js';
import { DomainError } from '../../platform/errors.js';
import type { Run } from '../../platform/sql.js';
import { Writes } from '../../platform/writes.js';
import { recountWithin } from '../engagement/recount.service.js';
import { roleFromElsewhere } from '../role/role.service.js';
import { type Accounts, settleAccounts } from './accounts.service.js';
import { checkedLine, type Line, LineDigest, readLines, wrongLine } from './file-lines.js';
import { assertUsable, type Plan, writeMissingRoles, writeOrganization } from './imported-organization.service.js';
import { chooseIds, forgetStaged, openStaging, type Staged, stage, toBody, writeStaged } from './staging.js';
import {
  type Header,
  headerType,
  type OrganizationRecord,
  type RecordName,
  type RoleRecord,
  recordNames,
  recordTypes,
  trailerType,
} from './transfer.records.js';

/** What the operator decides, because a file cannot be believed in it. */
export interface ImportOptions {
  /** Another slug than the file says. */
  slug?: string | undefined;
  /** The plan that the organization is on here; the first one unless given. */
  plan?: string | undefined;
  /** Makes a second organization where the one of the file is already. */
  asCopy: boolean;
  /** Lets new accounts have the passwords of the file. */
  withPasswordHashes: boolean;
  /** Makes members of accounts whose addresses nobody has proven. */
  trustUnproven: boolean;
}

export interface Imported {
  organization: { id: string; slug: string; name: string };
  counts: Record<RecordName, number>;
  accounts: Accounts;
  plan: Plan;
}

export interface ImportServices {
  catalogue: Catalogue;
  plans: Plans;
  request: RequestFacts;
}

/** What waits to be staged together. */
const linesAtOnce = 500;
const bytesAtOnce = 1_048_576;
/** What is written together of that of which there may be many. */
const writtenAtOnce = 10_000;

/**
 * Brings in an organization from a file, inside of a transaction that the caller keeps or undoes. All of it is checked, down to the
 * last line, before the caller can keep any.
 *
 * A file is a claim: whatever it says, nobody becomes a super admin, no address counts as proven, no account that is there changes,
 * no invitation can be accepted with a secret that came along, and the plan is the operator's choice.
 *
 * @throws {DomainError} BAD_USER_INPUT with the line and the field of what is wrong.
 * @throws {DomainError} CONFLICT with ORGANIZATION_EXISTS, SLUG_TAKEN, UNPROVEN_ADDRESS or LIMIT_REACHED.
 * @throws {DomainError} LAST_ADMINISTRATOR if nobody could administer it.
 */
export async function importOrganization(
  run: Run,
  chunks: AsyncIterable<Uint8Array>,
  services: ImportServices,
  options: ImportOptions,
): Promise<Imported> {
  try {
    return await new Import(run, services, options).read(chunks);
  } catch (error) {
    throw conflictOf(error);
  }
}

class Import {
  readonly #run: Run;
  readonly #services: ImportServices;
  readonly #options: ImportOptions;
  readonly #digest = new LineDigest();
  readonly #counts = Object.fromEntries(recordNames.map((name) => [name, 0])) as Record<RecordName, number>;
  #header!: Header;
  #organization: Imported['organization'] | undefined;
  #plan!: Plan;
  #accounts: Accounts = { made: 0, found: 0, withoutUsername: 0 };
  #section = 0;
  #batch: Staged[] = [];
  #batchBytes = 0;
  #unwritten = 0;

  constructor(run: Run, services: ImportServices, options: ImportOptions) {
    this.#run = run;
    this.#services = services;
    this.#options = options;
  }

  async read(chunks: AsyncIterable<Uint8Array>): Promise<Imported> {
    await openStaging(this.#run);
    let sha256: string | undefined;
    let last = 0;
    for await (const line of readLines(chunks)) {
      if (sha256) throw wrongLine(line.number, 'comes after the last line');
      if (line.number === 1) await this.#begin(line);
      else if (line.value.type === 'trailer') sha256 = await this.#end(line);
      else await this.#take(line);
      if (!sha256) this.#digest.add(line);
      last = line.number;
    }
    if (!sha256) throw wrongLine(last + 1, 'is missing: the file was cut off');
    return this.#finish(sha256);
  }

  async #begin({ number, value }: Line): Promise<void> {
    this.#header = checkedLine(headerType, number, value);
    const [known] = await this.#run(
      'SELECT 1 FROM _prisma_migrations WHERE migration_name = $1 AND finished_at IS NOT NULL',
      [this.#header.migration],
    );
    if (known) return;
    throw wrongLine(
      number,
      'is not known here: the file comes from a newer version. Update this server first',
      'migration',
    );
  }

  async #take(line: Line): Promise<void> {
    const { type, ...fields } = line.value;
    const section = recordNames.indexOf(type as RecordName);
    if (section < 0) throw wrongLine(line.number, 'is not known', 'type');
    if (section < this.#section) {
      throw wrongLine(line.number, `is out of order: no ${type} comes after a ${recordNames[this.#section]}`, 'type');
    }
    while (this.#section < section) await this.#endSection();
    const name = type as RecordName;
    const record = checkedLine(recordTypes[name].fields, line.number, fields);
    this.#counts[name] += 1;
    if (name === 'organization') return this.#found(line.number, record as OrganizationRecord);
    if (!this.#organization) throw wrongLine(line.number, 'comes before the organization');
    this.#batch.push({
      id: String(record.id),
      line: line.number,
      body: toBody(this.#believed(name, line.number, record)),
    });
    this.#batchBytes += line.bytes.length;
    if (this.#batch.length >= linesAtOnce || this.#batchBytes >= bytesAtOnce) await this.#flush();
  }

  /** What counts of a record here. */
  #believed(name: RecordName, number: number, record: Record<string, unknown>): Record<string, unknown> {
    if (name === 'person') return { ...record, isPerson: true };
    if (name === 'user' && !this.#options.withPasswordHashes) return { ...record, passwordHash: null };
    if (name !== 'role') return record;
    try {
      return roleFromElsewhere(this.#services.catalogue, record as RoleRecord);
    } catch (error) {
      const issue = error instanceof DomainError && (error.facts.issues as { path: string; message: string }[])?.[0];
      throw issue ? wrongLine(number, issue.message, issue.path) : error;
    }
  }

  async #found(number: number, record: OrganizationRecord): Promise<void> {
    if (this.#organization) throw wrongLine(number, 'is a second organization');
    if (record.id !== this.#header.organization.id) throw wrongLine(number, 'is not the one of the first line', 'id');
    const written = await writeOrganization(this.#run, this.#services.plans, record, this.#options);
    this.#organization = written.organization;
    this.#plan = written.plan;
  }

  async #flush(): Promise<void> {
    const name = recordNames[this.#section]!;
    await stage(this.#run, name, this.#batch);
    this.#unwritten += this.#batch.length;
    this.#batch = [];
    this.#batchBytes = 0;
    if (recordTypes[name].isMany && this.#unwritten >= writtenAtOnce) await this.#writeMany(name);
  }

  async #writeMany(name: RecordName): Promise<void> {
    if (this.#options.asCopy) await chooseIds(this.#run, name, true);
    await writeStaged(this.#run, name, this.#organization!.id);
    await forgetStaged(this.#run, name);
    this.#unwritten = 0;
  }

  async #endSection(): Promise<void> {
    await this.#flush();
    const name = recordNames[this.#section]!;
    if (recordTypes[name].isMany) await this.#writeMany(name);
    // Persons come after users, and are settled together with them.
    else if (name === 'person') await this.#settle();
    else if (name !== 'user' && name !== 'organization') await chooseIds(this.#run, name, this.#options.asCopy);
    this.#section += 1;
    this.#unwritten = 0;
  }

  async #settle(): Promise<void> {
    this.#accounts = await settleAccounts(this.#run, this.#services, this.#options);
  }

  /** @returns the SHA-256 of the file. */
  async #end({ number, value }: Line): Promise<string> {
    const { counts, sha256 } = checkedLine(trailerType, number, value);
    for (const name of recordNames) {
      if (counts[name] === this.#counts[name]) continue;
      throw wrongLine(number, `is ${counts[name]}, but there are ${this.#counts[name]}`, `counts.${name}`);
    }
    if (sha256 !== this.#digest.hex()) throw wrongLine(number, 'is not that of the file: it was changed', 'sha256');
    if (!this.#organization) throw wrongLine(number, 'comes before any organization');
    while (this.#section < recordNames.length) await this.#endSection();
    return sha256;
  }

  /** Members last: whoever is to be one cannot change the account until the end, which must not be long. */
  async #finish(sha256: string): Promise<Imported> {
    const organization = this.#organization!;
    const structure = recordNames.filter((name) => !recordTypes[name].isMany);
    for (const name of structure.filter((each) => !['organization', 'user', 'person'].includes(each))) {
      await writeStaged(this.#run, name, organization.id);
      if (name === 'role') await writeMissingRoles(this.#run, organization.id);
    }
    await assertUsable(this.#run, organization.id, this.#services.plans);
    await recountWithin(this.#run, organization.id);
    await this.#run(lastSeen, [organization.id]);
    await this.#record(organization, sha256);
    return { organization, counts: this.#counts, accounts: this.#accounts, plan: this.#plan };
  }

  async #record({ id, slug }: Imported['organization'], sha256: string): Promise<void> {
    const { organization: from, exportedAt } = this.#header;
    const target = { type: 'ORGANIZATION', id } as const;
    const changes = {
      organizationId: { before: from.id, after: id },
      slug: { before: from.slug, after: slug },
      exportedAt: { before: null, after: exportedAt },
      sha256: { before: null, after: sha256 },
    };
    const writes = new Writes();
    const event = auditEvent(this.#services, null, {
      organizationId: id,
      action: 'ORGANIZATION_IMPORTED',
      target,
      changes,
    });
    writes.insert('audit_events', { ...event, actorType: 'SYSTEM' satisfies AuditEvent['actorType'] });
    await writes.commit(this.#run);
  }
}

/** Whoever was active in the organization was active; in the order of ids, so that nobody waits in a circle. */
const lastSeen = `WITH held AS MATERIALIZED (
    SELECT u.id, seen.at FROM users u JOIN (
      SELECT d.user_id, max(d.last_active_at) AS at FROM activity_days d WHERE d.organization_id = $1::uuid GROUP BY 1
    ) seen ON seen.user_id = u.id
    WHERE u.status <> 'DELETED' AND (u.last_active_at IS NULL OR u.last_active_at < seen.at)
    ORDER BY u.id FOR NO KEY UPDATE OF u
  ) UPDATE users u SET last_active_at = held.at FROM held WHERE u.id = held.id`;
