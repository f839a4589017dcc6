import { z } from 'zod';
import { auditActions } from '../../auth/audit.js';
import {
  description,
  email,
  id,
  line,
  name,
  permissionCodes,
  roleKey,
  seconds,
  slug,
  timezone,
  url,
  username,
} from '../../graphql/validation.js';
import type { Tables } from '../../platform/tables.js';
import { momentBefore, momentWithin, storableObject } from './transfer.values.js';

// What a line of a file may hold, for both ways: an export selects these fields, an import takes these and no others. So nothing
// can be asked for that does not stand here: there is no `isSuperAdmin`, no `emailVerifiedAt`, no plan that counts.

/** One kind of line. */
export interface RecordType {
  /** Where its rows are. */
  table: keyof Tables | 'activity_entries';
  fields: z.ZodObject;
  /** Fields with the id of another record, which has to stand in the file. */
  references?: Readonly<Record<string, RecordName>>;
  /** Fields with an id that may be that of a record which is gone. */
  traces?: Readonly<Record<string, RecordName>>;
  /** Columns that the file does not say: SQL by column. */
  given?: Readonly<Record<string, string>>;
  /** Which rows of an organization are exported, as a condition on `x`. */
  only?: string;
  /** What is unique beside the id, for messages. */
  unique?: string;
  /** Of these there may be so many that they are written as they come. Nothing refers to them. */
  isMany?: boolean;
}

const past = momentBefore(5 * 60_000);
const optionalText = description.nullable();
const moments = { createdAt: past, updatedAt: past };

/** Also addresses that another issuer has vouched for, which are of more kinds than people may type. */
const anyEmail = z
  .string('must be a text')
  .max(254, 'is not an e-mail address')
  .regex(/^[\x21-\x3f\x41-\x7e]{1,64}@[\x21-\x3f\x41-\x7e]{1,189}$/, 'is not an e-mail address');

/** Only what this gateway makes itself: another cost could keep a log-in busy for minutes. */
const passwordHash = z
  .string('must be a text')
  .regex(
    /^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/,
    'is not an argon2id hash as this server makes them',
  );

const everyRecord = {
  organization: {
    table: 'organizations',
    fields: z.strictObject({
      id,
      name,
      slug,
      description: optionalText,
      logoUrl: url.nullable(),
      timezone,
      plan: line(1, 63),
      isPersonal: z.boolean('must be true or false'),
      status: z.enum(['ACTIVE', 'SUSPENDED'], 'must be ACTIVE or SUSPENDED'),
      ...moments,
    }),
  },
  role: {
    table: 'roles',
    fields: z.strictObject({
      id,
      key: roleKey,
      name,
      description: optionalText,
      rank: seconds(1, 100),
      permissions: permissionCodes,
      isSystem: z.boolean('must be true or false'),
      ...moments,
    }),
    only: 'x.deleted_at IS NULL',
    unique: 'key',
  },
  /** The account of a member. */
  user: {
    table: 'users',
    fields: z.strictObject({
      id,
      email: anyEmail,
      username: username.nullable(),
      fullName: name,
      avatarUrl: url.nullable(),
      timezone,
      status: z.enum(['ACTIVE', 'SUSPENDED'], 'must be ACTIVE or SUSPENDED'),
      passwordHash: passwordHash.nullable().optional(),
    }),
    unique: 'email',
  },
  /** Somebody who is not a member, or no longer, and whom other records name. */
  person: { table: 'users', fields: z.strictObject({ id, email: anyEmail, fullName: name }) },
  member: {
    table: 'members',
    fields: z.strictObject({
      id,
      userId: id,
      roleId: id,
      status: z.enum(['ACTIVE', 'SUSPENDED'], 'must be ACTIVE or SUSPENDED'),
      invitedById: id.nullable(),
      joinedAt: past,
      updatedAt: past,
    }),
    references: { userId: 'user', roleId: 'role', invitedById: 'user' },
    unique: 'user',
  },
  team: {
    table: 'teams',
    fields: z.strictObject({ id, name, slug, description: optionalText, ...moments }),
    unique: 'slug',
  },
  teamMembership: {
    table: 'team_memberships',
    fields: z.strictObject({
      id,
      teamId: id,
      memberId: id,
      role: z.enum(['MEMBER', 'MANAGER'], 'must be MEMBER or MANAGER'),
      createdAt: past,
    }),
    references: { teamId: 'team', memberId: 'member' },
    unique: 'team and member',
  },
  workspace: {
    table: 'workspaces',
    fields: z.strictObject({
      id,
      name,
      slug,
      description: optionalText,
      isDefault: z.boolean('must be true or false'),
      ...moments,
    }),
    unique: 'slug, or being the default one',
  },
  /** A pending one. Its secret stays where it is: whoever has a file must not be able to accept. */
  invitation: {
    table: 'invitations',
    fields: z.strictObject({
      id,
      email,
      roleId: id,
      invitedById: id,
      expiresAt: momentWithin(366 * 86_400_000),
      sentAt: past,
      sendCount: seconds(1, 2_147_483_647),
      ...moments,
    }),
    references: { roleId: 'role', invitedById: 'user' },
    given: {
      status: `'PENDING'::invitation_status`,
      // Of something that nobody has ever seen.
      token_hash: 'sha256((gen_random_uuid()::text || gen_random_uuid()::text)::bytea)',
    },
    only: `x.status = 'PENDING' AND x.expires_at > now()
      AND EXISTS (SELECT FROM roles r WHERE (r.organization_id, r.id) = (x.organization_id, x.role_id) AND r.deleted_at IS NULL)`,
    unique: 'email',
  },
  invitationTeam: {
    table: 'invitation_teams',
    fields: z.strictObject({ id, invitationId: id, teamId: id }),
    references: { invitationId: 'invitation', teamId: 'team' },
    only: `EXISTS (SELECT FROM invitations i JOIN roles r ON (r.organization_id, r.id) = (i.organization_id, i.role_id)
      WHERE (i.organization_id, i.id) = (x.organization_id, x.invitation_id)
        AND i.status = 'PENDING' AND i.expires_at > now() AND r.deleted_at IS NULL)`,
    unique: 'invitation and team',
  },
  /** A time for which somebody belonged to the organization or a team, and which is over. Those that last follow from members. */
  membershipPeriod: {
    table: 'membership_periods',
    fields: z.strictObject({ id, userId: id, teamId: id.nullable(), joinedAt: past, leftAt: past }),
    references: { userId: 'user' },
    traces: { teamId: 'team' },
    only: 'x.left_at IS NOT NULL',
    isMany: true,
  },
  activityEntry: {
    table: 'activity_entries',
    fields: z.strictObject({
      id,
      userId: id,
      teamId: id.nullable(),
      startedAt: past,
      activeSeconds: seconds(0, 86_400),
      idempotencyId: z
        .string('must be a text')
        .regex(/^[\x21-\x7e]{1,100}$/, 'must have 1 to 100 characters, none of them a space'),
      createdAt: past,
    }),
    references: { userId: 'user' },
    traces: { teamId: 'team' },
    unique: 'idempotencyId',
    isMany: true,
  },
  auditEvent: {
    table: 'audit_events',
    fields: z.strictObject({
      id,
      at: past,
      actorType: z.enum(['USER', 'API_KEY', 'SUPER_ADMIN', 'SYSTEM'], 'is not a kind of actor'),
      actorUserId: id.nullable(),
      actorApiKeyId: id.nullable(),
      action: z.enum(Object.keys(auditActions) as [string, ...string[]], 'is not an action that this server knows'),
      targetType: z.string('must be a text').regex(/^[A-Z_]{1,40}$/, 'is not a kind of target'),
      targetId: id.nullable(),
      changes: storableObject,
      ip: line(0, 100).nullable(),
      requestId: line(0, 255).nullable(),
    }),
    traces: { actorUserId: 'user' },
    isMany: true,
  },
} satisfies Record<string, Omit<RecordType, 'references' | 'traces'> & { references?: object; traces?: object }>;

export type RecordName = keyof typeof everyRecord;

/** In the order in which they stand in a file: what is referred to comes first. */
export const recordTypes: Readonly<Record<RecordName, RecordType>> = everyRecord as Record<RecordName, RecordType>;

export const recordNames = Object.keys(recordTypes) as RecordName[];

export type OrganizationRecord = z.output<typeof everyRecord.organization.fields>;
export type RoleRecord = z.output<typeof everyRecord.role.fields>;

/** The first line. */
export const headerType = z.strictObject({
  type: z.literal('header'),
  format: z.literal('tenantry-organization', 'is not a file with an organization'),
  version: z.literal(1, 'is a version of the format that this server does not know'),
  tenantry: line(1, 40),
  /** The last migration of the database that it comes from. */
  migration: line(1, 255),
  exportedAt: past,
  organization: z.strictObject({ id, slug, name }),
  passwordHashes: z.boolean('must be true or false'),
});

export type Header = z.output<typeof headerType>;

/** The last line: how many there are of each kind, and the SHA-256 of all bytes before this line. */
export const trailerType = z.strictObject({
  type: z.literal('trailer'),
  counts: z.record(z.enum(recordNames as [RecordName, ...RecordName[]]), z.int().min(0)),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'is not a SHA-256 in hexadecimal'),
});
