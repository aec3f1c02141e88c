import type { App } from '#src/app/app.ts';
import { programManageLink, unsubscribeLink } from '#src/links/signed-link.ts';
import { paths } from '#src/routes.ts';
import type { FoundContactPoint } from './contact-points.ts';

/** What a sending tool puts into a message and its headers (RFC 8058). */
export interface SendingLinks {
  preferences_url: string | null;
  unsubscribe_url: string | null;
  list_unsubscribe: string | null;
  list_unsubscribe_post: string | null;
}

/** Without permission there is no message for a link, and a link would show what an API key may not read. */
export function sendingLinks(
  app: App,
  allowed: boolean,
  contactPoint: FoundContactPoint | undefined,
  purposeId: string | null,
): SendingLinks {
  if (!allowed || !contactPoint || !purposeId) return noLinks;
  const { contactPointId, linkGeneration } = contactPoint;
  const manage = programManageLink(app.keys, contactPointId, linkGeneration);
  const unsubscribe = unsubscribeLink(app.keys, contactPointId, linkGeneration, purposeId);
  const unsubscribeUrl = `${app.config.baseUrl}${paths.unsubscribe(unsubscribe)}`;
  return {
    preferences_url: `${app.config.baseUrl}${paths.preferences(manage)}`,
    unsubscribe_url: unsubscribeUrl,
    list_unsubscribe: `<${unsubscribeUrl}>`,
    list_unsubscribe_post: 'List-Unsubscribe=One-Click',
  };
}

export const noLinks: SendingLinks = {
  preferences_url: null,
  unsubscribe_url: null,
  list_unsubscribe: null,
  list_unsubscribe_post: null,
};
