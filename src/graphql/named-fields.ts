import { Field } from 'type-graphql';
import { description, kept, name, optional, slug, Valid } from './validation.js';

// What organizations, teams and workspaces say of themselves. Each is a field of an input class with its check.

const slugShape = '2 to 63 letters a–z, digits and hyphens.';

export function NewName(): PropertyDecorator {
  return both(
    Field(() => String, { description: '1 to 100 characters.' }),
    Valid(name),
  );
}

export function NewSlug(): PropertyDecorator {
  const text = `${slugShape} Left out, one is made from the name.`;
  return both(
    Field(() => String, { nullable: true, description: text }),
    Valid(optional(slug)),
  );
}

export function ChangedName(): PropertyDecorator {
  const text = '1 to 100 characters. Cannot be cleared.';
  return both(
    Field(() => String, { nullable: true, description: text }),
    Valid(kept(name)),
  );
}

export function ChangedSlug(): PropertyDecorator {
  const text = `${slugShape} Cannot be cleared.`;
  return both(
    Field(() => String, { nullable: true, description: text }),
    Valid(kept(slug)),
  );
}

export function Description(): PropertyDecorator {
  const text = 'At most 2,000 characters.';
  return both(
    Field(() => String, { nullable: true, description: text }),
    Valid(optional(description)),
  );
}

function both(field: PropertyDecorator, check: PropertyDecorator): PropertyDecorator {
  return (prototype, property) => {
    field(prototype, property);
    check(prototype, property);
  };
}
