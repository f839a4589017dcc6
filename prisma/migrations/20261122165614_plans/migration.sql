-- AlterTable
ALTER TABLE "organizations" ADD COLUMN     "founded_by_id" UUID;

-- CreateIndex
CREATE INDEX "organizations_founded_by_id_idx" ON "organizations"("founded_by_id");

-- By hand from here: what the Prisma schema cannot express.

-- Whatever was sent to an address, answered or not, for the person who has proven it.
DROP INDEX "invitations_email_idx";
CREATE INDEX "invitations_email_idx" ON "invitations" (lower("email"));
