-- How many members an organization has is asked for all the time, and counting takes longer the more there are.
ALTER TABLE "organizations" ADD COLUMN "member_count" INTEGER NOT NULL DEFAULT 0;

UPDATE "organizations" o SET "member_count" = counted.members
  FROM (SELECT "organization_id", count(*)::int AS members FROM "members" GROUP BY 1) counted
  WHERE o."id" = counted."organization_id";

-- Whoever writes members holds the organization's row already, so counting along makes nobody wait.
CREATE FUNCTION "count_members"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE organizations o SET member_count = o.member_count + counted.members * CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END
    FROM (SELECT organization_id, count(*)::int AS members FROM changed GROUP BY 1) counted
    WHERE o.id = counted.organization_id;
  RETURN NULL;
END $$;
CREATE TRIGGER "members_count_added" AFTER INSERT ON "members"
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "count_members"();
CREATE TRIGGER "members_count_removed" AFTER DELETE ON "members"
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION "count_members"();
