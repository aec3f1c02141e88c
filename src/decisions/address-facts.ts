import type { FoundContactPoint } from './contact-points.ts';
import type { Facts, OtherPermissions } from './facts.ts';
import type { LoadedFacts } from './load-facts.ts';
import type { TextFacts } from './load-texts.ts';
import { permissionFacts } from './permission-facts.ts';

/** The facts about one address, with the rows that an answer names. */
export interface AddressFacts {
  facts: Facts;
  contactPoint?: FoundContactPoint;
  /** Of a granted permission. */
  text?: TextFacts;
}

/** `loaded` is `undefined` when the purpose is unknown. */
export function addressFacts(
  loaded: LoadedFacts | undefined,
  index: number,
  hash: string | undefined,
): AddressFacts {
  const facts: Facts = {
    contactPointValid: hash !== undefined,
    contactPointKnown: false,
    otherPermissions: noOthers,
    suppressions: [],
    restricted: false,
  };
  if (!loaded || hash === undefined) return { facts };
  facts.suppressions = loaded.suppressions.get(index) ?? [];
  facts.restricted = loaded.restricted.has(hash);
  facts.checks = loaded.checks.get(hash);
  const contactPoint = loaded.contactPoints.contactPoint(index);
  if (!contactPoint) return { facts };
  facts.contactPointKnown = true;
  facts.otherPermissions = loaded.others.get(contactPoint.contactPointId) ?? noOthers;
  const { permission } = contactPoint;
  if (!permission) return { facts, contactPoint };
  const text = loaded.texts.get(permission.text_version_id ?? '');
  facts.permission = permissionFacts(
    permission,
    text,
    loaded.grounds.get(permission.id) ?? [],
    { times: loaded.uses.times.get(index) ?? 0, freeAt: loaded.uses.freeAt.get(permission.id) },
    loaded.at,
    loaded.customerRules,
  );
  return { facts, contactPoint, text: permission.state === 'granted' ? text : undefined };
}

const noOthers: OtherPermissions = { samePurposeOtherChannel: false, otherPurpose: false };
