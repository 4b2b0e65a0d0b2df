/** As the server allows. */
const LONGEST = 500;

/** Where a log-in by the identity provider begins; it comes back to the page that is shown now. */
export function singleSignOnAddress({
  path,
  search,
}: {
  readonly path: string;
  readonly search: string;
}): string {
  const whole = path + search;
  return `/api/v1/session/openid?to=${encodeURIComponent(whole.length > LONGEST ? path : whole)}`;
}
