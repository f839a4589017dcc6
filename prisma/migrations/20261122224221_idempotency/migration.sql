-- CreateTable
CREATE TABLE "idempotency_keys" (
    "caller" BYTEA NOT NULL,
    "key" BYTEA NOT NULL,
    "input" BYTEA NOT NULL,
    "answer" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("caller","key")
);

-- CreateIndex
CREATE INDEX "idempotency_keys_created_at_idx" ON "idempotency_keys"("created_at");
