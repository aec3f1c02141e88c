/** Done: the browser goes on to the page that tells, which can be loaded again without doing it again. */
export function seeOther(location: string): Response {
  return new Response(null, { status: 303, headers: { Location: location } });
}
