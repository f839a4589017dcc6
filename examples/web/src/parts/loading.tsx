/** Stands where something will appear. */
export function Loading({ what }: { what: string }) {
  return (
    <p className="loading" aria-busy="true">
      Loading {what} …
    </p>
  );
}
