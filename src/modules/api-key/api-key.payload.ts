import { Field, ID, ObjectType } from 'type-graphql';
import { ApiKey } from './api-key.type.js';

@ObjectType({ description: 'The new API key.', simpleResolvers: true })
export class CreateApiKeyPayload {
  @Field(() => ApiKey, { description: 'The key, without its secret.' })
  apiKey!: ApiKey;

  @Field(() => String, { description: 'The key itself, to send as `X-API-Key`. It is shown only here.' })
  secret!: string;
}

@ObjectType({ description: 'The API key that was deleted.', simpleResolvers: true })
export class DeleteApiKeyPayload {
  @Field(() => ID, { description: 'The id of the key. It is refused from the next request on.' })
  deletedApiKeyId!: string;
}
