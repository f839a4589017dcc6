import type { GraphQLResolveInfo } from 'graphql';
import { assertMember, assertPermitted, assertScope, isPermittedIn } from '../auth/access.js';
import type { Permission } from '../auth/permissions.js';
import { standingIn } from '../auth/scope.js';
import type { Standing } from '../auth/standing.js';
import { badInput, DomainError } from '../platform/errors.js';
import { isId } from '../platform/id.js';
import type { GraphQLContext } from './context.js';

// biome-ignore lint/suspicious/noExplicitAny: parents and arguments are whatever the guarded field has.
type Any = any;

/** Lets the caller pass, or throws the DomainError that it is to read. */
export type Check = (context: GraphQLContext, parent: Any, args: Any, info: GraphQLResolveInfo) => Promise<void>;

/** A check, and in words whom it lets pass: what completes “who may: …” in the reference of the API. */
export type Rule = Check & { readonly who: string };

/** Makes a rule of a check. */
export function lets(who: string, check: Check): Rule {
  return Object.assign(check, { who });
}

/** Type, field, rule: who may attempt what. Every field of Query, Mutation and Subscription needs one. */
export type RuleTree = Readonly<Record<string, Readonly<Record<string, Rule>>>>;

/** Where a field says which organization it is about. */
export type Locate = (parent: Any, args: Any, context: GraphQLContext) => Place | Promise<Place>;

interface Place {
  organizationId: string | null | undefined;
  path: string;
}

/** The organization named in the mutation's input, else the current one. */
export const inInput: Locate = (_, { input }) => ({
  organizationId: input.organizationId,
  path: 'input.organizationId',
});

/** The organization that an argument names. */
export const inArgument =
  (name: string): Locate =>
  (_, args) => ({ organizationId: args[name], path: name });

/** The caller's current organization. */
export const current: Locate = () => ({ organizationId: null, path: 'organizationId' });

/** The organization whose field this is. */
export const ofOrganization: Locate = ({ id }) => ({ organizationId: id, path: 'id' });

/** The organization that the row with this field belongs to. */
export const ofRow: Locate = ({ organizationId }) => {
  // Nothing would mean the current organization.
  if (!organizationId) throw new Error('The row does not say which organization it belongs to.');
  return { organizationId, path: 'organizationId' };
};

/**
 * The rule, with a read begun beside it that the resolver is going to need whatever the standing is, so that both are one
 * statement. What comes of it, the resolver sees.
 */
export function meanwhile(
  begin: (context: GraphQLContext, args: Any, info: GraphQLResolveInfo) => Promise<unknown>,
  rule: Rule,
): Rule {
  return lets(rule.who, async (context, parent, args, info) => {
    begin(context, args, info).catch(() => {});
    await rule(context, parent, args, info);
  });
}

/** Whoever has a credential that stands. */
export const signedIn = lets('whoever has signed in', async (context) => {
  await standingIn(context);
});

/** The rule for whoever has signed in, here or with another issuer; not for an API key that acts for somebody. */
export function personally(rule: Rule): Rule {
  return lets(`${rule.who}; no API key`, async (context, parent, args, info) => {
    if (context.principal.kind === 'apiKey') throw sessionRequired('Sign in to do this; API keys cannot.');
    await rule(context, parent, args, info);
  });
}

/** The rule for whoever has signed in here, and so has a session that can be renewed. */
export function inSession(rule: Rule): Rule {
  return lets(`${rule.who}; no API key, and no token of another issuer`, async (context, parent, args, info) => {
    if (context.principal.kind === 'external') throw sessionRequired('This takes a session of the gateway itself.');
    await personally(rule)(context, parent, args, info);
  });
}

function sessionRequired(message: string): DomainError {
  return new DomainError('FORBIDDEN', message, { reason: 'SESSION_REQUIRED' });
}

/** Everybody but API keys. A credential that no longer stands is refused, so that nobody believes to be signed in who is not. */
export const anyone = personally(
  lets('everybody, also without signing in', async (context) => {
    if (context.principal.kind !== 'anonymous') await standingIn(context);
  }),
);

/** Whoever has signed in; no API key. */
export const person = personally(signedIn);

/** What the fields of a root type are to the scopes of an API key: who follows, reads. */
const kindOf: Readonly<Record<string, 'Query' | 'Mutation' | undefined>> = {
  Query: 'Query',
  Mutation: 'Mutation',
  Subscription: 'Query',
};

/** Before any rule of a root field: what the scopes of an API key do not cover, its maker's role cannot make up for. */
export function withinScope(operation: string, rule: Check): Check {
  const kind = kindOf[operation];
  if (!kind) return rule;
  const scoped: Check = async (context, parent, args, info) => {
    assertScope(await standingIn(context), kind);
    await rule(context, parent, args, info);
  };
  return (context, ...field) => (context.principal.kind === 'apiKey' ? scoped : rule)(context, ...field);
}

/** Whoever holds the permission in the organization. To others it is forbidden, or (to strangers) not there. */
export function can(permission: Permission, locate: Locate): Rule {
  return lets(`\`${permission}\``, async (context, parent, args) => {
    assertPermitted(await standingAt(context, await locate(parent, args, context)), permission);
  });
}

/** Every member, whatever its role. */
export function member(locate: Locate): Rule {
  return lets('every member', async (context, parent, args) => {
    await standingAt(context, await locate(parent, args, context));
  });
}

/**
 * Whoever holds the permission in the organization, or manages the team that is named (R5).
 *
 * @param teamOf where the team is named; in the input, unless told.
 */
export function canInTeam(
  permission: Permission,
  locate: Locate,
  teamOf: (args: Any) => string | null | undefined = ({ input }) => input.teamId,
): Rule {
  return lets(`\`${permission}\`, and managers of the team`, async (context, parent, args) => {
    const standing = await standingAt(context, await locate(parent, args, context));
    if (!isPermittedIn(standing, permission, teamOf(args)?.toLowerCase())) assertPermitted(standing, permission);
  });
}

/** Whoever manages at least one team of the organization. */
export function managesTeams(locate: Locate): Rule {
  return lets('managers of teams', async (context, parent, args) => {
    const standing = await standingAt(context, await locate(parent, args, context));
    if (standing.managedTeamIds.length === 0) assertPermitted(standing, 'users.update');
  });
}

/** Super admins, who stand above all organizations. */
export const superAdmin = lets('super admins', async (context) => {
  const { isSuperAdmin } = await standingIn(context);
  if (!isSuperAdmin) throw new DomainError('FORBIDDEN', 'Only super admins may.', { reason: 'SUPER_ADMIN' });
});

/** The member itself, whom the input names. */
export function self(locate: Locate): Rule {
  return lets('the member itself', async (context, parent, args) => {
    const standing = await standingAt(context, await locate(parent, args, context));
    if (standing.member?.id !== args.input.memberId.toLowerCase())
      throw new DomainError('FORBIDDEN', 'Only the member itself may.');
  });
}

/** The user whose field this is. */
export const ownUser = lets('the user itself', async (context, parent) => {
  const { user } = await standingIn(context);
  if (user.id !== parent.id) throw new DomainError('FORBIDDEN', 'Only the user itself may read this.');
});

/** Whoever one of the rules lets pass; the last one words the refusal. */
export function either(...rules: readonly Rule[]): Rule {
  return lets(rules.map(({ who }) => who).join(', or '), async (context, parent, args, info) => {
    for (const [index, rule] of rules.entries()) {
      try {
        return await rule(context, parent, args, info);
      } catch (error) {
        const refused = error instanceof DomainError && error.code === 'FORBIDDEN';
        if (!refused || index === rules.length - 1) throw error;
      }
    }
  });
}

async function standingAt(context: GraphQLContext, { organizationId, path }: Place): Promise<Standing> {
  if (organizationId != null && !isId(organizationId)) throw badInput({ path, message: 'is not a UUID' });
  const standing = await standingIn(context, organizationId?.toLowerCase());
  assertMember(standing, Boolean(organizationId ?? context.currentOrganizationId));
  return standing;
}
