import { useQuery } from '@apollo/client/react';
import { useRef, useState } from 'react';
import { graphql } from '../generated/index.ts';
import { useOrganization } from '../organization/use-organization.ts';
import { announceFailure } from '../parts/announcements.tsx';
import { Failure } from '../parts/failure.tsx';
import { Loading } from '../parts/loading.tsx';
import { useSettled } from '../parts/use-settled.ts';
import { MemberTable } from './member-table.tsx';

const Members = graphql(`
  query Members($id: ID!, $search: String, $after: String, $withRoles: Boolean!) {
    organization(id: $id) {
      id
      roles @include(if: $withRoles) { ...RoleChoice }
      members(first: 10, after: $after, filter: { search: $search }, orderBy: { field: NAME }) {
        edges { cursor node { ...MemberFields } }
        pageInfo { endCursor hasNextPage }
        totalCount
      }
    }
  }
`);

/** The members, page by page, with a search. */
export function MemberSection() {
  const { id, may } = useOrganization();
  const [search, setSearch] = useState('');
  const count = useRef<HTMLParagraphElement>(null);
  const { data, previousData, error, loading, fetchMore } = useQuery(Members, {
    variables: { id, search: useSettled(search.trim()) || null, withRoles: may('users.update') && may('roles.read') },
    // What is known is shown at once, and whoever has joined meanwhile is shown a moment later.
    fetchPolicy: 'cache-and-network',
    nextFetchPolicy: 'cache-first',
  });
  const organization = (data ?? previousData)?.organization;

  async function showMore(after: string | null | undefined) {
    const { data: page } = await fetchMore({ variables: { after } });
    // The button goes with the last page: the focus would be lost.
    if (!page?.organization.members.pageInfo.hasNextPage) count.current?.focus();
  }

  return (
    <section aria-labelledby="members">
      <div className="heading">
        <h2 id="members">Members</h2>
        <input
          type="search"
          aria-label="Search members"
          placeholder="Name or e-mail"
          value={search}
          onChange={({ target }) => setSearch(target.value)}
        />
      </div>
      <Failure error={error} />
      {!organization && loading && <Loading what="the members" />}
      {organization && (
        <>
          <MemberTable members={organization.members.edges.map(({ node }) => node)} roles={organization.roles} />
          <div className="paging">
            <p ref={count} role="status" tabIndex={-1}>
              {countOf(organization.members)}
            </p>
            {organization.members.pageInfo.hasNextPage && (
              <button
                type="button"
                disabled={loading}
                onClick={() => showMore(organization.members.pageInfo.endCursor).catch(announceFailure)}
              >
                Show more
              </button>
            )}
          </div>
        </>
      )}
    </section>
  );
}

function countOf({ edges, totalCount }: { edges: readonly unknown[]; totalCount: number }): string {
  return totalCount === 0 ? 'Nobody has such a name or address.' : `${edges.length} of ${totalCount} members`;
}
