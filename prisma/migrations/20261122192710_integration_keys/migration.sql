-- DropIndex
DROP INDEX "integration_keys_organization_id_status_idx";

-- AlterTable
ALTER TABLE "integration_keys" DROP COLUMN "activated_at",
DROP COLUMN "status",
ADD COLUMN     "activates_at" TIMESTAMPTZ(3) NOT NULL,
ALTER COLUMN "private_jwk" DROP NOT NULL;

-- DropEnum
DROP TYPE "integration_key_status";

-- CreateIndex
CREATE INDEX "integration_keys_organization_id_activates_at_idx" ON "integration_keys"("organization_id", "activates_at");

-- CreateIndex
CREATE INDEX "integration_tokens_organization_id_expires_at_id_idx" ON "integration_tokens"("organization_id", "expires_at", "id");
