import { Arg, Args, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { standingIn } from '../../auth/scope.js';
import type { OrganizationRow, UserRow } from '../../auth/standing.js';
import { connectionOf } from '../../graphql/connection.js';
import type { GraphQLContext } from '../../graphql/context.js';
import { readPage } from '../../platform/page.js';
import { Organization } from '../organization/organization.type.js';
import { loadUser } from '../user/user.loader.js';
import { User } from '../user/user.type.js';
import { ApiKeysArgs, CreateApiKeyInput, DeleteApiKeyInput } from './api-key.input.js';
import { type ApiKeyRow, apiKeysOfOrganization, madeBy, seesAllKeys } from './api-key.loader.js';
import { CreateApiKeyPayload, DeleteApiKeyPayload } from './api-key.payload.js';
import { createApiKey, deleteApiKey } from './api-key.service.js';
import { ApiKey } from './api-key.type.js';

const ApiKeyConnection = connectionOf(() => ApiKey, 'ApiKey', 'API keys');

@Resolver(() => ApiKey)
export class ApiKeyResolver {
  @FieldResolver(() => User, { description: 'The member who made it, and as whom it acts.' })
  createdBy(@Root() { userId }: ApiKeyRow, @Ctx() context: GraphQLContext): Promise<UserRow | null> {
    return loadUser(context, userId);
  }

  @Mutation(() => CreateApiKeyPayload, {
    description: 'Makes an API key that acts as the caller in one organization. Takes a session, not a key.',
  })
  createApiKey(
    @Arg('input', () => CreateApiKeyInput, { description: 'The new key.' }) input: CreateApiKeyInput,
    @Ctx() context: GraphQLContext,
  ) {
    return createApiKey(context, input);
  }

  @Mutation(() => DeleteApiKeyPayload, {
    description: 'Deletes an API key, from the next request on. Takes a session, not a key.',
  })
  async deleteApiKey(
    @Arg('input', () => DeleteApiKeyInput, { description: 'Which key.' }) input: DeleteApiKeyInput,
    @Ctx() context: GraphQLContext,
  ) {
    return { deletedApiKeyId: await deleteApiKey(context, input) };
  }
}

@Resolver(() => Organization)
export class OrganizationApiKeysResolver {
  @FieldResolver(() => ApiKeyConnection, {
    description: 'The API keys that the caller made here; for who manages members, everybody’s.',
  })
  async apiKeys(
    @Root() { id }: OrganizationRow,
    @Args(() => ApiKeysArgs) page: ApiKeysArgs,
    @Ctx() context: GraphQLContext,
  ) {
    const standing = await standingIn(context, id);
    const conditions = seesAllKeys(standing) ? [] : [madeBy(standing.user.id)];
    return readPage(context.reads, apiKeysOfOrganization, [id], page, conditions);
  }
}
