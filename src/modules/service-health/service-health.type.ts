import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { DateTime } from '../../graphql/scalars.js';

enum DatabaseStatus {
  UP = 'UP',
  DOWN = 'DOWN',
}

registerEnumType(DatabaseStatus, {
  name: 'DatabaseStatus',
  description: 'Whether the database answers.',
  valuesConfig: {
    UP: { description: 'It answers.' },
    DOWN: { description: 'It does not answer within two seconds, or refuses.' },
  },
});

@ObjectType({ description: 'How the database is.', simpleResolvers: true })
class DatabaseHealth {
  @Field(() => DatabaseStatus, { description: 'Whether it answers.' })
  status!: 'UP' | 'DOWN';

  @Field(() => Float, {
    nullable: true,
    description: 'How long it took to answer, in milliseconds; to connect counts, too, if nothing was connected.',
  })
  latencyMilliseconds!: number | null;

  @Field(() => String, { nullable: true, description: 'The version of PostgreSQL, such as 16.4.' })
  serverVersion!: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it is a standby, on which nothing can be changed.' })
  isStandby!: boolean | null;

  @Field(() => Float, { nullable: true, description: 'How much it takes on disk, in bytes.' })
  sizeBytes!: number | null;
}

@ObjectType({ description: 'The connections that this process keeps for one purpose.', simpleResolvers: true })
class ConnectionPool {
  @Field(() => String, { description: 'What they are for, such as `read` or `write`.' })
  name!: string;

  @Field(() => Int, { description: 'How many there may be.' })
  maximum!: number;

  @Field(() => Int, { description: 'How many there are.' })
  open!: number;

  @Field(() => Int, { description: 'How many of them nobody uses at this moment.' })
  idle!: number;

  @Field(() => Int, { description: 'How many statements wait for one.' })
  waiting!: number;
}

@ObjectType({
  description:
    'The connections that the database has from all its clients. What those of other roles do is known only if the role of the gateway belongs to `pg_read_all_stats`; otherwise they count in `total` alone.',
  simpleResolvers: true,
})
class DatabaseConnections {
  @Field(() => Int, { description: 'How many there are.' })
  total!: number;

  @Field(() => Int, { description: 'How many run a statement.' })
  active!: number;

  @Field(() => Int, { description: 'How many have nothing to do.' })
  idle!: number;

  @Field(() => Int, { description: 'How many have a transaction open in which nothing happens.' })
  idleInTransaction!: number;

  @Field(() => Int, { description: 'How many of those that are active wait for a lock.' })
  waiting!: number;

  @Field(() => Int, { description: 'How many the server allows, for all its databases.' })
  maximum!: number;
}

@ObjectType({ description: 'How far the tables are.', simpleResolvers: true })
class MigrationState {
  @Field(() => Int, { description: 'How many migrations were applied, those of newer versions among them.' })
  applied!: number;

  @Field(() => [String], { description: 'The names of those that this version needs and the database does not have.' })
  pending!: string[];

  @Field(() => String, { nullable: true, description: 'The name of the latest that was applied.' })
  latest!: string | null;
}

@ObjectType({
  description:
    'A standby that receives what is written. What is null PostgreSQL does not know, or does not show to a role outside `pg_read_all_stats`.',
  simpleResolvers: true,
})
class ReplicationStandby {
  @Field(() => String, { nullable: true, description: 'The name under which it connects.' })
  applicationName!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What it does, in the words of PostgreSQL: `startup`, `catchup`, `streaming`, `backup` or `stopping`.',
  })
  state!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Whether writes wait for it, in the words of PostgreSQL: `async`, `potential`, `sync` or `quorum`.',
  })
  syncState!: string | null;

  @Field(() => Float, { nullable: true, description: 'How much was written that it cannot show yet, in bytes.' })
  lagBytes!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'How long a write takes until it can show it, in seconds. Null also if nothing was written of late.',
  })
  lagSeconds!: number | null;
}

@ObjectType({ description: 'What waits to be done in the background, mail before all.', simpleResolvers: true })
class Outbox {
  @Field(() => Int, { description: 'How many jobs are to be done, or done again.' })
  waiting!: number;

  @Field(() => Int, { description: 'How many have failed for good.' })
  failed!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'For how long the oldest is there that is due or has been tried before, in seconds. Null if there is none.',
  })
  oldestSeconds!: number | null;
}

@ObjectType({
  description:
    'How this process and its database are. What concerns the process is that of the replica which answers. What the database does not tell within two seconds is null.',
  simpleResolvers: true,
})
export class ServiceHealth {
  @Field(() => String, { description: 'The version of the gateway.' })
  version!: string;

  @Field(() => DateTime, { description: 'When the process was started.' })
  startedAt!: Date;

  @Field(() => Int, { description: 'For how long the process runs, in seconds.' })
  uptimeSeconds!: number;

  @Field(() => DatabaseHealth, { description: 'How the database is.' })
  database!: DatabaseHealth;

  @Field(() => [ConnectionPool], { description: 'How the process uses its connections to the database.' })
  pools!: ConnectionPool[];

  @Field(() => DatabaseConnections, { nullable: true, description: 'The connections of all clients of the database.' })
  connections!: DatabaseConnections | null;

  @Field(() => MigrationState, { nullable: true, description: 'How far the tables are.' })
  migrations!: MigrationState | null;

  @Field(() => [ReplicationStandby], {
    nullable: true,
    description: 'The standbys that are connected to the database. Empty if there are none.',
  })
  replication!: ReplicationStandby[] | null;

  @Field(() => Outbox, { nullable: true, description: 'What waits to be done in the background.' })
  outbox!: Outbox | null;
}
