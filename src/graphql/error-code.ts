import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { type ErrorCode, errorCodes } from '../platform/errors.js';

const descriptions: Record<ErrorCode, string> = {
  UNAUTHENTICATED: 'No credential, or one that is not valid (any longer). Sign in or refresh the session.',
  FORBIDDEN: 'You may not do this here. `requiredPermission` (or `requiredScope`) says what is missing.',
  NOT_FOUND: 'There is no such thing, or you have nothing to do with it.',
  BAD_USER_INPUT: 'The input is not valid. `issues` lists each path with a message.',
  CONFLICT: 'The change collides with what is already there. `reason` says with what.',
  LAST_ADMINISTRATOR: 'The organization would be left without an active administrator.',
  ROLE_CEILING: 'The role holds more than you do. `missingPermissions` lists what is too much.',
  ROLE_IN_USE: 'Members still hold the role. Name another one to give them instead.',
  INVITATION_NOT_PENDING: 'The invitation was already answered, revoked, or has expired. `status` says which.',
  ORGANIZATION_REQUIRED: 'No organization is named and none is current.',
  RATE_LIMITED: 'Too many requests. Try again after `retryAfter` seconds.',
  QUERY_TOO_COMPLEX: 'The document asks for more than one request may.',
  SERVICE_UNAVAILABLE:
    'The gateway or its database cannot serve this now. Nothing was changed; try again after `retryAfter` seconds.',
  INTERNAL_SERVER_ERROR: 'A fault of the gateway. It was logged under `requestId`.',
};

/** The closed list of codes as a GraphQL enum, so that typed clients can switch on `extensions.code`. */
export const ErrorCodes = Object.fromEntries(errorCodes.map((code) => [code, code])) as Record<ErrorCode, ErrorCode>;

registerEnumType(ErrorCodes, {
  name: 'ErrorCode',
  description:
    'The values of `extensions.code` of an error, beside the codes of Apollo Server for documents that cannot be parsed or validated.',
  valuesConfig: Object.fromEntries(errorCodes.map((code) => [code, { description: descriptions[code] }])),
});

@ObjectType({ description: 'What is wrong with one field of an input.', simpleResolvers: true })
export class InputIssue {
  @Field(() => String, { description: 'The path of the field, such as `input.email`.' })
  path!: string;

  @Field(() => String, { description: 'What the field has to look like.' })
  message!: string;
}
