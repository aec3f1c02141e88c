/** What a receipt says, read out of its JSON-LD or its Kantara form. Nothing in it is believed to be there. */

/** As people are shown it. */
export interface ReceiptContent {
  form: 'dpv' | 'kantara';
  /** The address of the instance that issued it. */
  issuer: string;
  createdAt: string;
  controller: string;
  purpose: string;
  channel: string;
  address: string;
  /** Our state, such as `granted`; empty in the Kantara form. */
  state: string;
  isConsent: boolean;
  /** When the newest event happened, and how. */
  since: string;
  how: string;
  /** The words that were agreed to, with their version. Empty where there are none. */
  words: string;
  textVersion: string;
}

/** What the log is compared with. */
export interface RecordFacts {
  permissionId: string;
  personId: string;
  state: string | undefined;
  /** When each event happened, by its id. */
  times: Map<string, string>;
  words: { id: string; text: string } | undefined;
}

type Json = Record<string, unknown>;

/** `undefined` when it is no receipt. */
export function readReceiptContent(document: Json): ReceiptContent | undefined {
  if (document.version === 'KI-CR-v1.1.0') return readKantara(document);
  const record = objectAt(document, 'dpv:hasRecordOfActivity');
  if (document['dct:conformsTo'] !== profile || !record) return undefined;
  const process = objectAt(record, 'dpv:hasProcess');
  const data = objectAt(process, 'dpv:hasPersonalData');
  const newest = eventsOf(record).at(-1);
  const notice = noticeOf(record);
  return {
    form: 'dpv',
    issuer: text(document['dct:publisher']),
    createdAt: text(document['dct:created']),
    controller: text(objectAt(record, 'dpv:hasDataController')?.['dpv:hasName']),
    purpose: text(objectAt(process, 'dpv:hasPurpose')?.['dct:title']),
    channel: text(data?.['dct:description']),
    address: text(data?.['dct:identifier']),
    state: text(record.state),
    isConsent: record['@type'] === 'dpv:ConsentRecord',
    since: text(newest?.['dpv:isIndicatedAtTime']),
    how: text(newest?.['dpv:hasIndicationMethod']),
    words: text(notice?.['schema:text']),
    textVersion: text(notice?.['dct:identifier']),
  };
}

export function readRecord(document: Json): RecordFacts | undefined {
  const record = objectAt(document, 'dpv:hasRecordOfActivity');
  if (!record) return undefined;
  const notice = noticeOf(record);
  return {
    permissionId: uuid(record['@id']),
    personId: uuid(objectAt(record, 'dpv:hasDataSubject')?.['@id']),
    state: text(record.state),
    times: new Map(
      eventsOf(record).map((event) => [uuid(event['@id']), text(event['dpv:isIndicatedAtTime'])]),
    ),
    words: notice && { id: uuid(notice['@id']), text: text(notice['schema:text']) },
  };
}

const profile = 'https://w3id.org/dpv/schema/dpv-27560#receipt-eu-gdpr';

function readKantara(document: Json): ReceiptContent | undefined {
  const service = objectsIn(document.services)[0];
  const purpose = objectsIn(service?.purposes)[0];
  const controller = objectsIn(document.piiControllers)[0];
  const at = typeof document.consentTimestamp === 'number' ? document.consentTimestamp : undefined;
  if (!purpose || !controller || at === undefined) return undefined;
  return {
    form: 'kantara',
    issuer: text(document.issuer),
    createdAt: text(document.created),
    controller: text(controller.piiController),
    purpose: text(purpose.purpose),
    channel: text(Array.isArray(purpose.piiCategory) ? purpose.piiCategory[0] : ''),
    address: '',
    state: '',
    isConsent: true,
    since: new Date(at * 1000).toISOString(),
    how: text(document.collectionMethod),
    words: '',
    textVersion: '',
  };
}

/** Oldest first. */
function eventsOf(record: Json): Json[] {
  return objectsIn(record['dpv:hasConsentStatus'] ?? record['dpv:hasStatus']);
}

function noticeOf(record: Json): Json | undefined {
  return objectsIn(record['dpv:hasNotice']).find((notice) => notice['@type'] === 'dpv:ConsentNotice');
}

function objectAt(of: Json | undefined, name: string): Json | undefined {
  return objectsIn([of?.[name]])[0];
}

function objectsIn(value: unknown): Json[] {
  return Array.isArray(value)
    ? value.filter((one): one is Json => typeof one === 'object' && one !== null && !Array.isArray(one))
    : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function uuid(value: unknown): string {
  return text(value).replace(/^urn:uuid:/, '');
}
