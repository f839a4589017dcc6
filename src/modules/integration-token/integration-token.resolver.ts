import { GraphQLJSONObject } from 'graphql-scalars';
import { Arg, Args, Ctx, FieldResolver, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { OrganizationRow, UserRow } from '../../auth/standing.js';
import { connectionOf } from '../../graphql/connection.js';
import type { GraphQLContext } from '../../graphql/context.js';
import { ReadsAhead } from '../../graphql/read-ahead.js';
import { readPage } from '../../platform/page.js';
import { Organization } from '../organization/organization.type.js';
import { loadUser } from '../user/user.loader.js';
import { User } from '../user/user.type.js';
import { keysOfOrganization } from './integration-key.loader.js';
import { integrationJwks, rotateIntegrationKey } from './integration-key.service.js';
import {
  IntegrationTokenRevocationsArgs,
  IntegrationTokensArgs,
  IssueIntegrationTokenInput,
  RevokeIntegrationTokenInput,
  RotateIntegrationKeyInput,
  RotateIntegrationTokenInput,
  VerifyIntegrationTokenInput,
} from './integration-token.input.js';
import {
  type IntegrationTokenRow,
  integrationTokenById,
  type RevocationRow,
  revocationsMatching,
  revocationsOfOrganization,
  tokensMatching,
  tokensOfOrganization,
} from './integration-token.loader.js';
import {
  IssueIntegrationTokenPayload,
  RevokeIntegrationTokenPayload,
  RotateIntegrationKeyPayload,
  RotateIntegrationTokenPayload,
} from './integration-token.payload.js';
import { issueIntegrationToken, revokeIntegrationToken, rotateIntegrationToken } from './integration-token.service.js';
import {
  IntegrationKey,
  IntegrationToken,
  IntegrationTokenRevocation,
  IntegrationTokenVerification,
} from './integration-token.type.js';
import { verifyIntegrationToken } from './verify-integration-token.service.js';

const IntegrationTokenConnection = connectionOf(() => IntegrationToken, 'IntegrationToken', 'integration tokens');
const RevocationConnection = connectionOf(
  () => IntegrationTokenRevocation,
  'IntegrationTokenRevocation',
  'revocations of integration tokens',
);

@Resolver(() => IntegrationToken)
export class IntegrationTokenResolver {
  @Query(() => IntegrationTokenVerification, {
    description:
      'Whether an integration token of the organization counts at this moment: signature, issuer, audience, time, revocation.',
  })
  verifyIntegrationToken(
    @Arg('input', () => VerifyIntegrationTokenInput, { description: 'The token, and who asks.' })
    input: VerifyIntegrationTokenInput,
    @Ctx() context: GraphQLContext,
  ) {
    return verifyIntegrationToken(context, input);
  }

  @Mutation(() => IssueIntegrationTokenPayload, {
    description:
      'Hands out a signed, scoped, expiring token, which a third party verifies with the organization’s published keys.',
  })
  issueIntegrationToken(
    @Arg('input', () => IssueIntegrationTokenInput, { description: 'What it grants, to whom, for how long.' })
    input: IssueIntegrationTokenInput,
    @Ctx() context: GraphQLContext,
  ) {
    return issueIntegrationToken(context, input);
  }

  @Mutation(() => RotateIntegrationTokenPayload, {
    description:
      'Replaces a token that counts by a new one that says the same for as long again. Works once for a token.',
  })
  rotateIntegrationToken(
    @Arg('input', () => RotateIntegrationTokenInput, { description: 'Which token.' })
    input: RotateIntegrationTokenInput,
    @Ctx() context: GraphQLContext,
  ) {
    return rotateIntegrationToken(context, input);
  }

  @Mutation(() => RevokeIntegrationTokenPayload, {
    description: 'Revokes a token, from the next verification on. Repeating it changes nothing.',
  })
  async revokeIntegrationToken(
    @Arg('input', () => RevokeIntegrationTokenInput, { description: 'Which token, and why.' })
    input: RevokeIntegrationTokenInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { revocation: await revokeIntegrationToken(context, input) };
  }

  @Mutation(() => RotateIntegrationKeyPayload, {
    description: 'Publishes a new key for integration tokens, which signs as soon as everybody can have it.',
  })
  async rotateIntegrationKey(
    @Arg('input', () => RotateIntegrationKeyInput, { description: 'What becomes of earlier tokens.' })
    input: RotateIntegrationKeyInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { integrationKey: await rotateIntegrationKey(context, input) };
  }

  @FieldResolver(() => User, { description: 'Who issued it.' })
  issuedBy(@Root() { issuedById }: IntegrationTokenRow, @Ctx() context: GraphQLContext): Promise<UserRow | null> {
    return loadUser(context, issuedById);
  }
}

@Resolver(() => IntegrationTokenRevocation)
export class IntegrationTokenRevocationResolver {
  @FieldResolver(() => User, { description: 'Who revoked it.' })
  revokedBy(@Root() { revokedById }: RevocationRow, @Ctx() context: GraphQLContext): Promise<UserRow | null> {
    return loadUser(context, revokedById);
  }

  @FieldResolver(() => IntegrationToken, { nullable: true, description: 'The token, if it is known here.' })
  token(@Root() { organizationId, jti }: RevocationRow, @Ctx() { reads }: GraphQLContext) {
    return reads.row(integrationTokenById, [organizationId, jti]);
  }
}

@Resolver(() => Organization)
export class OrganizationIntegrationsResolver {
  @FieldResolver(() => GraphQLJSONObject, {
    description:
      'The public keys that verify integration tokens: the key set (RFC 7517) that is also served over HTTP.',
  })
  async integrationJwks(@Root() { id }: OrganizationRow, @Ctx() context: GraphQLContext) {
    return (await integrationJwks(context, id)) ?? { keys: [] };
  }

  @FieldResolver(() => [IntegrationKey], { description: 'The keys of integration tokens, the newest first.' })
  integrationKeys(@Root() { id }: OrganizationRow, @Ctx() { reads }: GraphQLContext) {
    return reads.rows(keysOfOrganization, [id]);
  }

  @ReadsAhead()
  @FieldResolver(() => IntegrationTokenConnection, {
    description: 'The integration tokens that were issued, the latest first.',
  })
  integrationTokens(
    @Root() { id }: OrganizationRow,
    @Args(() => IntegrationTokensArgs) { filter, ...page }: IntegrationTokensArgs,
    @Ctx() { reads }: GraphQLContext,
  ) {
    return readPage(reads, tokensOfOrganization, [id], page, tokensMatching(filter));
  }

  @ReadsAhead()
  @FieldResolver(() => RevocationConnection, { description: 'Which tokens were revoked, the latest first.' })
  integrationTokenRevocations(
    @Root() { id }: OrganizationRow,
    @Args(() => IntegrationTokenRevocationsArgs) { filter, ...page }: IntegrationTokenRevocationsArgs,
    @Ctx() { reads }: GraphQLContext,
  ) {
    return readPage(reads, revocationsOfOrganization, [id], page, revocationsMatching(filter));
  }
}
