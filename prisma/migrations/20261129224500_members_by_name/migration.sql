-- Members are listed by name, and names stand with the users: a page of a large organization would have to look up and sort
-- all of its members. So each membership has a copy of the name to sort by.
ALTER TABLE "members" ADD COLUMN "sort_name" TEXT NOT NULL DEFAULT '';

UPDATE "members" m SET "sort_name" = lower(u."full_name") FROM "users" u WHERE u."id" = m."user_id";

CREATE INDEX "members_organization_id_sort_name_id_idx" ON "members"("organization_id", "sort_name", "id");

-- After the statement, because it may have made the users as well. The lock makes one who joins wait for a change of the name
-- that is under way.
CREATE FUNCTION "copy_names_of_users"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  WITH named AS (
    SELECT u.id, lower(u.full_name) AS name FROM users u WHERE u.id IN (SELECT user_id FROM added) FOR SHARE
  )
  UPDATE members m SET sort_name = named.name FROM added, named
    WHERE m.organization_id = added.organization_id AND m.id = added.id AND named.id = added.user_id;
  RETURN NULL;
END $$;
CREATE TRIGGER "members_copy_name" AFTER INSERT ON "members"
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION "copy_names_of_users"();

CREATE FUNCTION "copy_name_to_members"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE members SET sort_name = lower(NEW.full_name) WHERE user_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER "users_copy_name" AFTER UPDATE OF "full_name" ON "users"
  FOR EACH ROW WHEN (OLD."full_name" IS DISTINCT FROM NEW."full_name") EXECUTE FUNCTION "copy_name_to_members"();

-- Pages are planned once for organizations of every size. Planned for the average one, which is small, a page would read all
-- members and sort them; planned for a large one, it reads as many as it has, in the order of an index, and that is as good for
-- the small ones.
ALTER TABLE "members" ALTER COLUMN "organization_id" SET (n_distinct = 100);
ANALYZE "members";
