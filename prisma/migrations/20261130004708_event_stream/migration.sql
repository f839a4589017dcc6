-- Records that are there already count as written by this transaction: nobody has read a stream before it, and no row is rewritten.
ALTER TABLE "audit_events" ADD COLUMN     "transaction" xid8 NOT NULL DEFAULT pg_current_xact_id();

-- CreateIndex
CREATE INDEX "audit_events_organization_id_transaction_id_idx" ON "audit_events"("organization_id", "transaction", "id");
