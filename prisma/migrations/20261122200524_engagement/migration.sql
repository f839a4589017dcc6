-- DropForeignKey
ALTER TABLE "activity_days" DROP CONSTRAINT "activity_days_organization_id_fkey";

-- DropForeignKey
ALTER TABLE "activity_days" DROP CONSTRAINT "activity_days_organization_id_team_id_fkey";

-- DropForeignKey
ALTER TABLE "activity_days" DROP CONSTRAINT "activity_days_user_id_fkey";

-- DropForeignKey
ALTER TABLE "activity_entries" DROP CONSTRAINT "activity_entries_organization_id_team_id_fkey";

-- DropIndex
DROP INDEX "activity_days_organization_id_day_idx";

-- DropIndex
DROP INDEX "activity_days_organization_id_team_id_day_idx";

-- DropIndex
DROP INDEX "activity_days_organization_id_user_id_day_idx";

-- DropIndex
DROP INDEX "activity_days_user_id_idx";

-- DropIndex
DROP INDEX "activity_entries_organization_id_team_id_idx";

-- DropIndex
DROP INDEX "activity_entries_organization_id_user_id_started_at_idx";

-- DropIndex
DROP INDEX "activity_entries_user_id_idx";

-- AlterTable
ALTER TABLE "activity_days" ALTER COLUMN "active_seconds" SET DATA TYPE BIGINT;

-- AlterTable
ALTER TABLE "organizations" ADD COLUMN     "activity_timezone" TEXT NOT NULL DEFAULT 'UTC';

-- CreateTable
CREATE TABLE "activity_totals" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "team_id" UUID,
    "day" DATE NOT NULL,
    "active_seconds" BIGINT NOT NULL,
    "sessions" INTEGER NOT NULL,

    CONSTRAINT "activity_totals_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateTable
CREATE TABLE "membership_periods" (
    "organization_id" UUID NOT NULL,
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "team_id" UUID,
    "joined_at" TIMESTAMPTZ(3) NOT NULL,
    "left_at" TIMESTAMPTZ(3),

    CONSTRAINT "membership_periods_pkey" PRIMARY KEY ("organization_id","id")
);

-- CreateIndex
CREATE INDEX "membership_periods_organization_id_user_id_idx" ON "membership_periods"("organization_id", "user_id");

-- CreateIndex
CREATE INDEX "membership_periods_user_id_idx" ON "membership_periods"("user_id");

-- CreateIndex
CREATE INDEX "activity_entries_organization_id_started_at_id_idx" ON "activity_entries"("organization_id", "started_at", "id");

-- CreateIndex
CREATE INDEX "activity_entries_organization_id_user_id_started_at_id_idx" ON "activity_entries"("organization_id", "user_id", "started_at", "id");

-- CreateIndex
CREATE INDEX "activity_entries_organization_id_team_id_started_at_id_idx" ON "activity_entries"("organization_id", "team_id", "started_at", "id");

-- AddForeignKey
ALTER TABLE "membership_periods" ADD CONSTRAINT "membership_periods_organization_id_fkey" FOREIGN KEY ("organization_id") REFERENCES "organizations"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "membership_periods" ADD CONSTRAINT "membership_periods_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- By hand from here: what the Prisma schema cannot express.

UPDATE "organizations" SET "activity_timezone" = "timezone";

-- What is read of the roll-ups stands in these indexes, so that a year of them is read without touching the tables.
DROP INDEX "activity_days_key";
CREATE UNIQUE INDEX "activity_days_key" ON "activity_days"
  ("organization_id", "user_id", "day", coalesce("team_id", '00000000-0000-0000-0000-000000000000'::uuid))
  INCLUDE ("team_id", "active_seconds", "sessions", "last_active_at");

-- One roll-up row for a team (or the whole organization) and a day.
CREATE UNIQUE INDEX "activity_totals_key" ON "activity_totals"
  ("organization_id", coalesce("team_id", '00000000-0000-0000-0000-000000000000'::uuid), "day")
  INCLUDE ("team_id", "active_seconds", "sessions");

-- Who has ever belonged to an organization or team, person by person.
CREATE INDEX "membership_periods_people_idx" ON "membership_periods"
  ("organization_id", coalesce("team_id", '00000000-0000-0000-0000-000000000000'::uuid), "user_id", "joined_at")
  INCLUDE ("team_id", "left_at");

-- Whoever belongs somewhere now has belonged there since the membership began.
INSERT INTO "membership_periods" ("organization_id", "id", "user_id", "joined_at")
  SELECT "organization_id", gen_random_uuid(), "user_id", "joined_at" FROM "members";
INSERT INTO "membership_periods" ("organization_id", "id", "user_id", "team_id", "joined_at")
  SELECT tm."organization_id", gen_random_uuid(), m."user_id", tm."team_id", tm."created_at"
  FROM "team_memberships" tm
  JOIN "members" m ON m."organization_id" = tm."organization_id" AND m."id" = tm."member_id";

-- From here on every membership that begins or ends writes its period, whoever writes it. Nobody leaves before joining,
-- even if the clock that said when somebody joined is ahead of this one.
CREATE FUNCTION "begin_membership_period"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO membership_periods (organization_id, id, user_id, joined_at)
    VALUES (NEW.organization_id, gen_random_uuid(), NEW.user_id, NEW.joined_at);
  RETURN NULL;
END $$;
CREATE TRIGGER "members_begin_period" AFTER INSERT ON "members"
  FOR EACH ROW EXECUTE FUNCTION "begin_membership_period"();

-- Whoever leaves the organization leaves its teams: their rows go after the member's own, by which they are found.
CREATE FUNCTION "end_membership_periods"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE membership_periods SET left_at = greatest(joined_at, now())
    WHERE organization_id = OLD.organization_id AND user_id = OLD.user_id AND left_at IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER "members_end_periods" AFTER DELETE ON "members"
  FOR EACH ROW EXECUTE FUNCTION "end_membership_periods"();

CREATE FUNCTION "begin_team_period"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO membership_periods (organization_id, id, user_id, team_id, joined_at)
    SELECT m.organization_id, gen_random_uuid(), m.user_id, NEW.team_id, NEW.created_at
    FROM members m WHERE m.organization_id = NEW.organization_id AND m.id = NEW.member_id;
  RETURN NULL;
END $$;
CREATE TRIGGER "team_memberships_begin_period" AFTER INSERT ON "team_memberships"
  FOR EACH ROW EXECUTE FUNCTION "begin_team_period"();

CREATE FUNCTION "end_team_period"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE membership_periods p SET left_at = greatest(p.joined_at, now())
    FROM members m
    WHERE m.organization_id = OLD.organization_id AND m.id = OLD.member_id
      AND p.organization_id = m.organization_id AND p.user_id = m.user_id AND p.team_id = OLD.team_id
      AND p.left_at IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER "team_memberships_end_period" AFTER DELETE ON "team_memberships"
  FOR EACH ROW EXECUTE FUNCTION "end_team_period"();
