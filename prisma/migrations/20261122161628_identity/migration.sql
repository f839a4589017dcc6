-- AlterTable
ALTER TABLE "users" ADD COLUMN     "duplicate_of_id" UUID;

-- CreateTable
CREATE TABLE "external_identities" (
    "id" UUID NOT NULL,
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "user_id" UUID NOT NULL,
    "valid_after" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "external_identities_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rate_limits" (
    "key" VARCHAR(255) NOT NULL,
    "points" INTEGER NOT NULL DEFAULT 0,
    "expire" BIGINT,

    CONSTRAINT "rate_limits_pkey" PRIMARY KEY ("key")
);

-- CreateIndex
CREATE INDEX "external_identities_user_id_idx" ON "external_identities"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "external_identities_issuer_subject_key" ON "external_identities"("issuer", "subject");

-- CreateIndex
CREATE INDEX "users_duplicate_of_id_idx" ON "users"("duplicate_of_id");

-- AddForeignKey
ALTER TABLE "users" ADD CONSTRAINT "users_duplicate_of_id_fkey" FOREIGN KEY ("duplicate_of_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "external_identities" ADD CONSTRAINT "external_identities_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "users"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- By hand from here: what the Prisma schema cannot express.

-- Who may be found by an address. The name of the index is known to src/auth/conflicts.ts.
DROP INDEX "users_email_key";
CREATE UNIQUE INDEX "users_email_key" ON "users" (lower("email")) WHERE "duplicate_of_id" IS NULL AND "status" <> 'DELETED';

-- Everybody who may sign in with an address.
CREATE INDEX "users_email_idx" ON "users" (lower("email"));
