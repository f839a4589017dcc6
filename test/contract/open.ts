/**
 * Faults that these tests have found and that are not mended yet, each with what has to be left out until then. Take an
 * entry out, and its cases run.
 */
const faults = {
  'recording a refusal reads by an id that was not checked': /^whoever Mutation\.restoreOrganization /,
  'a slug that cannot be is looked up': /^Query\.organizationBySlug slug: malformed/,
  'a cursor may contain what is not base64url':
    / (after|before): (control character|U\+0000 at the end|lone surrogate)/,
  'a secret may be blank or contain control characters':
    / (input\.)?(token|refreshToken): (blank|control|U\+0000|lone|malformed "two words")/,
  'a password may contain control characters and half characters': / input\.password: (control|U\+0000|lone)/,
  'a URL may contain half characters': /(logoUrl|avatarUrl): lone surrogate/,
  'a URL may lack its slashes': /(logoUrl|avatarUrl): malformed "https:\/?e/,
  'of two things that are not there, either may be named':
    /^Mutation\.(updateMemberRole|addTeamMember|updateTeamMember|removeTeamMember)$/,
  'Query and Mutation have no description': /^(Query|Mutation)$/,
  'a path that cannot be decoded is repeated, in another form than other errors': /\/%(c0)?$/,
  'logging out does not count for the rest of the document': /^log-out in a document$/,
  'a syntax error repeats the text at which it stands': /^: (""|" ")|^ /,
  'the log holds the row that the database has refused': /refused row/,
  'a fault while the credential is checked has no request id': /credential fault/,
} as const;

/** Whether something has to be left out because of a fault that is not mended yet. */
export function isOpen(name: string): boolean {
  return Object.values(faults).some((pattern) => pattern.test(name));
}
