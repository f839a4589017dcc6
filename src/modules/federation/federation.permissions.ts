import { anyone, type RuleTree, signedIn, superAdmin } from '../../graphql/rules.js';

/**
 * Which entities somebody may read is decided one by one.
 *
 * @param introspection whether the schema can be asked for; else only super admins may, for whoever composes.
 */
export function federationPermissions(introspection: boolean) {
  return {
    Query: {
      _service: introspection ? anyone : superAdmin,
      _entities: signedIn,
    },
  } satisfies RuleTree;
}
