import { ArgsType, type ClassType, Field, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { Page, PageRequest } from '../platform/page.js';

@ObjectType({ description: 'Where a page lies in its list, as the Relay specification has it.', simpleResolvers: true })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether there are items after this page.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether there are items before this page.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'The cursor of the first item; pass it as `before`.' })
  startCursor!: string | null;

  @Field(() => String, { nullable: true, description: 'The cursor of the last item; pass it as `after`.' })
  endCursor!: string | null;
}

@ArgsType()
export class PageArgs implements PageRequest {
  @Field(() => Int, { nullable: true, description: 'How many items from the front, 1 to 100. Default 25.' })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Start after the item with this cursor.' })
  after?: string | null;

  @Field(() => Int, { nullable: true, description: 'How many items from the end, 1 to 100.' })
  last?: number | null;

  @Field(() => String, { nullable: true, description: 'Stop before the item with this cursor.' })
  before?: string | null;
}

export enum OrderDirection {
  ASC = 'ASC',
  DESC = 'DESC',
}

registerEnumType(OrderDirection, {
  name: 'OrderDirection',
  description: 'Which end of an order comes first.',
  valuesConfig: {
    ASC: { description: 'From low to high, from old to new, from A to Z.' },
    DESC: { description: 'From high to low, from new to old, from Z to A.' },
  },
});

/** The argument class of a list: its pages, and the order that `Field` allows. */
export function orderedBy<F extends string>(name: string, fields: Record<string, F>, descriptions: Record<F, string>) {
  registerEnumType(fields, {
    name: `${name}OrderField`,
    description: `By what a list may be ordered: ${name}.`,
    valuesConfig: Object.fromEntries(
      Object.entries(descriptions).map(([field, description]) => [field, { description: description as string }]),
    ) as never,
  });

  @InputType(`${name}Order`, { description: 'The order of a list. Items that are equal in it are ordered by id.' })
  class Order {
    @Field(() => fields, { description: 'What to order by.' })
    field!: F;

    @Field(() => OrderDirection, { defaultValue: OrderDirection.ASC, description: 'Which end comes first.' })
    direction!: OrderDirection;
  }

  @ArgsType()
  class OrderedPageArgs extends PageArgs {
    @Field(() => Order, { nullable: true, description: 'The order of the list.' })
    orderBy?: Order | null;
  }
  return OrderedPageArgs;
}

/**
 * The Relay connection of a type: edges with cursors, the nodes themselves, and a count that is only taken when asked for.
 *
 * @see https://relay.dev/graphql/connections.htm
 */
export function connectionOf<Node extends object>(node: () => ClassType<Node>, name: string, noun: string) {
  @ObjectType(`${name}Edge`, { description: `One of the ${noun} in a list, with its place.`, simpleResolvers: true })
  class Edge {
    @Field(node, { description: 'The item itself.' })
    node!: Node;

    @Field(() => String, { description: 'The place of the item in this list and order.' })
    cursor!: string;
  }

  @ObjectType(`${name}Connection`, { description: `A page of ${noun}.`, simpleResolvers: true })
  class Connection {
    @Field(() => [Edge], { description: 'The items of this page with their cursors.' })
    edges!: Edge[];

    @Field(() => [node()], { description: 'The items of this page.' })
    nodes!: Node[];

    @Field(() => PageInfo, { description: 'Where this page lies in the list.' })
    pageInfo!: PageInfo;

    @Field(() => Int, { description: 'How many items the whole list has. Counted only when asked for.' })
    totalCount!: Page<Node>['totalCount'];
  }
  return Connection;
}
