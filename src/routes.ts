/** Every address that the product prints. */
export const paths = {
  form: (form: string) => `/f/${encodeURIComponent(form)}`,
  // A handle that is none comes from outside and is printed as it came.
  formSent: (form: string, handle: string) =>
    `/f/${encodeURIComponent(form)}/sent${handle === '' ? '' : `?s=${encodeURIComponent(handle)}`}`,
  /** What a poster or a QR code leads to. */
  shortLink: (code: string) => `/k/${code}`,
  formApi: (form: string) => `/api/v1/forms/${encodeURIComponent(form)}`,
  theme: (query: URLSearchParams) => `/theme.css?${query}`,
  confirm: (token: string) => `/confirm/${token}`,
  preferencesRequest: () => '/preferences',
  preferencesSent: () => '/preferences/sent',
  preferences: (link: string) => `/p/${link}`,
  unsubscribe: (link: string) => `/u/${link}`,
  staff: () => '/staff',
  staffSignIn: () => '/staff/sign-in',
  staffKeyReview: (id: string) => `/staff/keys?review=${id}`,
  staffPassword: (token: string) => `/staff/password/${token}`,
  source: (locale: string) => `/source?lang=${locale}`,
  sourceArchive: () => '/source/jawort.tar.gz',
  licence: () => '/source/licence.txt',
  embedScript: () => '/embed.js',
  demo: () => '/demo',
  demoEmbed: () => '/demo/embed',
  demoMailbox: () => '/demo/mailbox',
} as const;

export function isDesk(pathname: string): boolean {
  return /^\/staff(?:\/|$)/.test(pathname);
}
